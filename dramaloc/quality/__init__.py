"""Quality control: what is wrong with a subtitle document, and by which rule."""

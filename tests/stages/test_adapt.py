import pytest

from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Market
from dramaloc.stages.adapt import adapt
from dramaloc.stages.localization import Segment, Slot

GLOSSARY = Glossary(
    (
        Term(source="一言为定", target="就这么说定了", action="paraphrase"),
        Term(source="目中无人", target="看不起所有人", action="paraphrase"),
        Term(source="不动声色地", target="悄悄地", action="paraphrase"),
        Term(source="倾国倾城的", target="非常美的", action="paraphrase"),
        Term(source="真的", target="果然", action="paraphrase"),
        Term(source="一言为定了楼", target="Deal House", kind="place"),
    )
)


@pytest.mark.parametrize(
    ("text", "adapted"),
    [
        ("那就一言为定", "那就就这么说定了"),
        ("一言为定了", "就这么说定了"),
        ("一言为定了啊", "就这么说定了啊"),
        ("目中无人的家伙", "看不起所有人的家伙"),
        ("他不动声色地走了", "他悄悄地走了"),
        ("他不动声色", "他悄悄"),
        ("倾国倾城的美人", "非常美的美人"),
        ("倾国倾城", "非常美"),
        ("真人", "真人"),  # 真的 is too short to be said without its particle
        ("去一言为定了楼", "去一言为定了楼"),
        ("与成语无关", "与成语无关"),
    ],
)
def test_idioms_with_and_without_a_closing_particle(text: str, adapted: str) -> None:
    market = Market(code="en-US", name="English", glossary=GLOSSARY)
    segment = Segment(slots=(Slot(cue=0, utterance=0),), text=text, source=text)
    (found,) = adapt([segment], market)
    assert found.text == adapted
    assert bool(found.reasons) == (text != adapted)
    assert found.source == text

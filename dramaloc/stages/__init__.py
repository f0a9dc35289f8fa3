"""The way from a document to a localized one: segment, adapt, render, fit."""

"""What messages say: Liquid, letters in MJML or plain words, one text a language."""

from dure.campaigns.writing.composing import Writer, compose, values_of
from dure.campaigns.writing.language import Missing, check, render
from dure.campaigns.writing.scope import scope_of, spoken_in

__all__ = ["Missing", "Writer", "check", "compose", "render", "scope_of", "spoken_in", "values_of"]

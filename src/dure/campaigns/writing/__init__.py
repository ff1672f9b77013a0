"""What messages say: Liquid, letters in MJML or plain words, one text a language."""

from dure.campaigns.writing.composing import compose
from dure.campaigns.writing.fields import check
from dure.campaigns.writing.language import Missing

__all__ = ["Missing", "check", "compose"]

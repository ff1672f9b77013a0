"""Which language a short text is in: by its script, and by little words where the script is Latin."""

from __future__ import annotations

import re

_HANGUL = re.compile("[가-힣ㄱ-ㆎᄀ-ᇿ]")
_KANA = re.compile("[぀-ヿ]")
_HAN = re.compile("[一-鿿]")
_LATIN = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
# Words that a language cannot do without and few others have; and letters that are its own.
_LITTLE: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": (
            "the and is to of in it you that was for on are with they have this not but what my so do can "
            "your i just we from how"
        ),
        "es": (
            "no me te porque si tengo funciona el la los las que en un una es por con para está muy pero como "
            "más del al mi se lo me su y esto gracias hola cuando"
        ),
        "fr": (
            "le la les des est et une dans pour pas que qui avec vous nous sur je ce plus très mais mon c au "
            "du il elle merci bonjour"
        ),
        "de": (
            "der die das und ist nicht ein eine ich mit auf für zu es den dem von sehr auch aber wie wir sie "
            "war mein kein danke"
        ),
        "pt": (
            "porque se o os as um uma não que em para com é muito mas meu minha você isso do da na no são "
            "obrigado está pra"
        ),
        "it": (
            "il lo gli che questa questo sono di è un una non per con molto ma mi della nel ho anche come più grazie "
            "ciao"
        ),
        "nl": ("het een de en van is dat niet ik je met op voor zijn maar heb wel dit ook naar mijn geen"),
        "id": (
            "yang dan di ini itu tidak dengan untuk saya ada bisa kami sudah akan dari juga tapi banget aku "
            "terima kasih"
        ),
        "vi": ("là và của không có tôi này cho được với rất các một người bạn đã cảm ơn quá"),
        "tr": ("ve bir bu çok için de da ne var değil ama ile gibi daha ben en olan kadar"),
        "pl": ("nie się jest na to że w z do jak ale co dla tak już mam bardzo po"),
    }.items()
}
_OWN_LETTERS: dict[str, frozenset[str]] = {
    "es": frozenset("ñ¿¡"), "fr": frozenset("çêèœ"), "de": frozenset("ßäöü"), "pt": frozenset("ãõ"),
    "vi": frozenset("ăđơưạảấầậắằẹẻẽếềểễệỉịọỏốồổộớờởợụủứừửữựỳỹ"), "tr": frozenset("ğışİ"), "pl": frozenset("ąęłśźżćń"),
}  # fmt: skip


def language_of(text: str) -> str:
    """`ko`, `ja`, `zh`, a language in Latin letters (`en` where nothing speaks for another), or "" without letters.

    A fifth of Hangul among the letters is Korean: brand names and loan words around it are usually Latin.
    """
    letters = len(_LATIN.findall(text))
    if not letters:
        return ""
    if text.isascii():
        return _in_latin(text)
    if len(_HANGUL.findall(text)) * 5 >= letters:
        return "ko"
    if len(_KANA.findall(text)) * 5 >= letters:
        return "ja"
    return "zh" if len(_HAN.findall(text)) * 2 >= letters else _in_latin(text)


def _in_latin(text: str) -> str:
    words = _WORD.findall(text[:400].lower())
    hits = {code: sum(word in little for word in words) for code, little in _LITTLE.items()}
    if not text.isascii():
        letters = set(text.lower())
        for code, own in _OWN_LETTERS.items():
            hits[code] += 2 * bool(letters & own)
    # English unless another has clearly more of its words: names and loan words are everywhere.
    best = max(hits, key=lambda code: (hits[code], code == "en"))
    return best if hits[best] >= 2 and hits[best] > hits["en"] else "en"

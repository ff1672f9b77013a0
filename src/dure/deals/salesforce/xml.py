"""Just enough XML for SOAP's login: read without entities or outside references, written with everything escaped."""

from __future__ import annotations

from xml.parsers import expat
from xml.sax.saxutils import escape

from dure.kernel.errors import Malformed

_DEEPEST = 50


def texts(body: bytes) -> dict[str, str]:
    """The first text of each element by its local name. Malformed for anything with a DOCTYPE, or that is no XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    found: dict[str, str] = {}
    open_: list[tuple[str, list[str]]] = []

    def begin(name: str, _: object) -> None:
        if len(open_) >= _DEEPEST:
            raise Malformed("The XML is nested too deeply.")
        open_.append((name.rpartition(" ")[2], []))

    def end(_: str) -> None:
        name, parts = open_.pop()
        found.setdefault(name, "".join(parts).strip())

    def text(data: str) -> None:
        if open_:
            open_[-1][1].append(data)

    def refuse(*_: object) -> None:
        raise Malformed("A DOCTYPE is not allowed.")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Malformed(f"The body is not XML: {error}") from error
    return found


_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>'
)


def envelope(body: str) -> bytes:
    return _ENVELOPE.format(body).encode()


def elements(values: dict[str, object]) -> str:
    """`<name>value</name>` for each, in order."""
    return "".join(
        f"<{name}>{escape(str(value).lower() if isinstance(value, bool) else str(value))}</{name}>"
        for name, value in values.items()
    )


def soap_fault(code: str, message: str) -> bytes:
    """A refusal as Salesforce's SOAP says it."""
    said = elements({"sf:exceptionCode": code, "sf:exceptionMessage": message})
    where = "sf:LoginFault"
    return envelope(
        f"<soapenv:Fault><faultcode>{code}</faultcode><faultstring>{escape(f'{code}: {message}')}</faultstring>"
        f'<detail><{where} xsi:type="{where}">{said}</{where}></detail></soapenv:Fault>'
    )

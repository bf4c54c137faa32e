"""What a certificate holds besides its page: the statement as an attachment, and the place of its signature.

ISO 32000-1: file attachments 7.11.4, interactive forms 12.7, signature fields 12.7.4.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject, PDFString
from reportlab.pdfgen.canvas import Canvas

FIELD = b"/F 132 /FT /Sig /Rect [ 0 0 0 0 ] /Subtype /Widget /T (signature) /Type /Annot"
"""The field of the signature, which is not seen: printed (4) and locked (128)."""
FIELD_NAME, ATTACHMENT_NAME = "posretire.signature", "posretire.statement"
_TRAILER = re.compile(
    rb"trailer\n<<\n/ID \n\[(?P<identifier><[0-9a-f]{32}>)<[0-9a-f]{32}>\]\n%[^\n]*\n\n"
    rb"/Info (?P<info>\d+) 0 R\n/Root (?P<root>\d+) 0 R\n/Size (?P<size>\d+)\n>>\nstartxref\n(?P<table>\d+)\n%%EOF\n"
)


@dataclass(frozen=True)
class FieldPlace:
    """Where in a PDF its signature belongs.

    Args:
        field: Number of the object that is the signature's field.
        root: Number of the catalog.
        info: Number of the information dictionary.
        size: One more than the highest number of an object.
        table: Offset of the table of objects.
        identifier: The file's identifier, as it stands in the trailer.
    """

    field: int
    root: int
    info: int
    size: int
    table: int
    identifier: bytes


class _Written(PDFObject):  # type: ignore[misc]  # the library has no types
    """An object that is written by itself.

    Args:
        data: How it is written.
    """

    __RefOnly__ = 1

    def __init__(self, data: bytes) -> None:
        self.data = data

    def format(self, _document: object) -> bytes:
        """Return how it is written."""
        return self.data


def attach(canvas: Canvas, name: str, data: bytes, kind: str) -> None:
    """Attach a file.

    Args:
        canvas: The PDF under way.
        name: Name of the file, ASCII.
        data: Its bytes.
        kind: Its media type.
    """
    document = canvas._doc
    head = f"<< /Length {len(data)} /Params << /Size {len(data)} >> /Subtype /{kind.replace('/', '#2F')}"
    stream = _Written(head.encode() + b" /Type /EmbeddedFile >>\nstream\n" + data + b"\nendstream")
    held = PDFDictionary({"F": document.Reference(stream, ATTACHMENT_NAME)})
    said = {"Type": PDFName("Filespec"), "F": PDFString(name), "UF": PDFString(name), "EF": held}
    specification = PDFDictionary({**said, "AFRelationship": PDFName("Source")})
    names = PDFDictionary({"Names": PDFArray([PDFString(name), document.Reference(specification)])})
    document.Catalog.Names = PDFDictionary({"EmbeddedFiles": document.Reference(names)})


def reserve_signature(canvas: Canvas) -> Callable[[bytes], FieldPlace]:
    """Give the present sheet the field that a signature is put into later.

    Args:
        canvas: The PDF under way.

    Returns:
        Tells from the finished PDF where it belongs.
    """
    document = canvas._doc
    reference = document.Reference(_Written(b"<< " + FIELD + b" >>"), FIELD_NAME)
    canvas._annotationrefs.append(reference)
    document.Catalog.AcroForm = PDFDictionary({"Fields": PDFArray([reference]), "SigFlags": 3})

    def place(pdf: bytes) -> FieldPlace:
        end = _TRAILER.fullmatch(pdf, pdf.rindex(b"trailer\n"))
        if end is None:
            raise ValueError("the PDF writer ends its files in another way than is known here")
        number, _version = document.idToObjectNumberAndVersion[FIELD_NAME]
        return FieldPlace(
            field=int(number),
            root=int(end["root"]),
            info=int(end["info"]),
            size=int(end["size"]),
            table=int(end["table"]),
            identifier=end["identifier"],
        )

    return place

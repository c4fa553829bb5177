"""A page of text as a PDF, in the fonts that every reader of PDF brings along."""

LATIN, CHINESE = "/F1", "/F2"
TOP, LEFT, LEADING, SIZE = 770, 72, 20, 12  # points of an A4 page, from its lower left corner

OBJECTS = """\
<</Type/Catalog/Pages 2 0 R>>
<</Type/Pages/Kids[3 0 R]/Count 1>>
<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 8 0 R/Resources<</Font<</F1 4 0 R/F2 5 0 R>>>>>>
<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>
<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[6 0 R]>>
<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 7 0 R/DW 1000\
/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>
<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0\
/Ascent 880/Descent -120/CapHeight 880/StemV 93>>""".splitlines()


def pdf(lines: list[str]) -> bytes:
    """`lines` below each other on one page; a line is all Latin, or else set in the Chinese font."""
    text = drawn(lines)
    objects = [*OBJECTS, f"<</Length {len(text)}>>\nstream\n{text}\nendstream"]
    paper, starts = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        starts.append(len(paper))
        paper += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    size = len(objects) + 1
    xref = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    end = f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{len(paper)}\n%%EOF\n"
    return (paper + xref + end).encode("ascii")


def drawn(lines: list[str]) -> str:
    shown = "".join(f"{font(line)} {SIZE} Tf <{signs(line)}> Tj T*\n" for line in lines)
    return f"BT\n{LEADING} TL {LEFT} {TOP} Td\n{shown}ET"


def font(line: str) -> str:
    return LATIN if line.isascii() else CHINESE


def signs(line: str) -> str:
    return line.encode("ascii" if line.isascii() else "utf-16-be").hex()

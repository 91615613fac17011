"""Letters on paper: what stands on them, what the envelope's window shows, and what happens to hostile text."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from bot.core.message import Button, Message
from templates.letter import Elsewhere, LetterPage, letter, letters
from templates.paper.font import MM, width
from templates.paper.head import WINDOW
from templates.paper.sheet import QUIET
from templates.paper.slip import BOX
from templates.paper.words import words
from templates.render import Office

OVERDUE = Message(
    kind="owner_overdue",
    language="ja",
    title="5年目の点検（外まわり・床下・配管）の日が過ぎています",
    paragraphs=(
        "山田様のお宅の5年目の点検は、2026年10月31日(土)までに行う計画ですが、終わったというご連絡をいただいていません。",
        "この点検は、所有者の方が行うと法律で定められているもので、建てた会社の無料アフターサービスとは別のものです。",
        "すでに終わっている場合は、日にちをお知らせください。まだの場合は、みどり工務店から日程のご相談をさしあげます。",
    ),
    facts=(("お宅", "H-000123（世田谷区）"), ("伺う会社", "株式会社みどり工務店"), ("計画の日", "2026年10月31日(土)")),
    buttons=tuple(
        Button(label, "done:H-000123.1:1:") for label in ("終わった・異常なし", "終わった・指摘あり", "まだ")
    ),
    footer=(
        "このお知らせは、一般社団法人 住まいの機構に代わり、住まいの縁側 事務局がお送りしています。",
        "お知らせは無料です。お支払いをお願いすることは決してありません。",
    ),
)
IN_ENGLISH = Message(
    kind="owner_overdue",
    language="en",
    title="The 5-year inspection is overdue",
    paragraphs=("Nobody has told us that it has been done. If it has, please tell us the day.",),
    facts=(("Planned for", "Sat 31 October 2026"),),
    buttons=(Button("Done, nothing found", "done:H-000123.1:1:"), Button("Not yet", "not_yet:H-000123.1:1:")),
)
PAGE = LetterPage(
    message=OVERDUE,
    to_name="山田 太郎",
    to_postcode="1570066",
    to_address=("東京都世田谷区成城一丁目23番45号", "グランドメゾン成城 302号室"),
    office=Office("住まいの縁側 事務局", "一般社団法人 住まいの機構", "03-5555-0199", "平日 9時〜17時"),
    code="482913",
    url="https://engawa.example.jp/l/abcdEFGH12",
    written_on=date(2026, 11, 21),
    house_id="H-000123",
    office_address=("〒102-0082 東京都千代田区一番町8番地",),
)
Line = tuple[str, float, float, float]  # text, mm from the left, mm from the top, points


def read(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(BytesIO(pdf)).pages)


def text_of(pages: list[PageObject]) -> str:
    """All that can be read, without the white between."""
    return "".join("".join(page.extract_text().split()) for page in pages)


def lines_of(page: PageObject) -> list[Line]:
    found: list[Line] = []

    def visit(text, _cm, tm, _font, size):
        if text.strip():
            found.append((text.strip(), tm[4] / MM, 297 - tm[5] / MM, size))

    page.extract_text(visitor_text=visit)
    return found


def boxes(page: PageObject) -> Iterator[tuple[float, ...]]:
    """Every rectangle as it was drawn: x, y, width, height."""
    contents = page.get_contents()
    assert contents is not None
    return (tuple(map(float, args)) for args, operator in contents.operations if operator == b"re")


def without_spaces(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("message", [OVERDUE, IN_ENGLISH])
def test_an_ordinary_letter_is_one_a4_page_and_says_everything(message):
    """One A4 page carries all that the message says, and how to answer it."""
    pages = read(letter(replace(PAGE, message=message)))
    assert len(pages) == 1
    assert (round(pages[0].mediabox.width / MM), round(pages[0].mediabox.height / MM)) == (210, 297)
    said = text_of(pages)
    expected = [message.title, *message.paragraphs, *message.footer, *(cell for fact in message.facts for cell in fact)]
    expected += [button.label for button in message.buttons]
    expected += [PAGE.office.name, PAGE.office.phone, PAGE.house_id, PAGE.url, *PAGE.office_address]
    assert [text for text in expected if without_spaces(text) not in said] == []
    assert said.count(PAGE.code) == 2, "once to say on the telephone, once on the slip"


def test_the_body_is_set_in_large_type():
    """Nothing of what is said to the person is set smaller than 12 points, the lines about the sender than 10."""
    sizes = {text: size for text, _, _, size in lines_of(read(letter(PAGE))[0])}
    body = "".join((OVERDUE.title, *OVERDUE.paragraphs, *(value for _, value in OVERDUE.facts)))
    assert min(size for text, size in sizes.items() if len(text) > 9 and text in body) >= 12
    assert min(size for text, size in sizes.items() if len(text) > 9 and text in "".join(OVERDUE.footer)) >= 10
    assert sizes[PAGE.code] >= 18


def test_a_short_letter_is_set_larger():
    """Where there is room, the type is larger."""
    short = replace(PAGE, message=replace(OVERDUE, paragraphs=("点検は終わりましたか。",), facts=()))
    sizes = {text: size for text, _, _, size in lines_of(read(letter(short))[0])}
    assert sizes["点検は終わりましたか。"] == 13


def test_the_person_is_addressed_with_respect_and_the_day_is_written_as_people_write_it():
    """様 for a person, 御中 for a company, neither in English; the date in the era and the western year."""
    assert "山田太郎様" in text_of(read(letter(PAGE)))
    assert "みどり工務店御中" in text_of(read(letter(replace(PAGE, to_name="みどり工務店", to_company=True))))
    said = text_of(read(letter(PAGE)))
    assert "令和8年（2026年）11月21日" in said
    assert "〒157-0066" in said
    english = text_of(read(letter(replace(PAGE, message=IN_ENGLISH, to_name="Mary O’Neil"))))
    assert "21November2026" in english
    assert "MaryO'Neil" in english
    assert "様" not in english


SHORT_SENDER = replace(PAGE, office=Office("事務局", "機構", ""), office_address=())
LONG_SENDER = replace(PAGE, office_address=("東京都千代田区一番町8番地 一番町ビル4階",) * 4)


@pytest.mark.parametrize("page", [PAGE, SHORT_SENDER, LONG_SENDER])
def test_the_window_shows_the_address_in_every_position_and_nothing_else_ever(page):
    """The name and address stand where the window always is; where it can reach at all there is nothing but them."""
    address = {"〒157-0066", *PAGE.to_address, "山田 太郎 様"}
    lines = lines_of(read(letter(page))[0])
    seen = WINDOW.always
    shown = [line for line in lines if line[0] in address]
    assert {line[0] for line in shown} == address
    for text, x, base, size in shown:
        assert seen.left <= x <= x + width(text, size) <= seen.left + seen.wide
        assert seen.top <= base - size / MM * 0.88 <= base + size / MM * 0.12 <= seen.top + seen.high
    right, lower = WINDOW.reach
    others = [line for line in lines if line not in shown]
    assert [line for line in others if line[1] < right and line[2] - line[3] / MM < lower] == []


@pytest.mark.parametrize(
    "given",
    [
        ("北海道虻田郡倶知安町字山田百八十三番地の十一", "ニセコひらふ高原リゾートコンドミニアム", "東館1203号室"),
        ("京都府京都市東山区三条通南裏二筋目白川筋西入ル二丁目北木之元町十番地の二",),
    ],
)
def test_a_long_address_still_fits_the_window(given):
    """Real long addresses are set smaller, not pushed out of sight."""
    lines = lines_of(read(letter(replace(PAGE, to_address=given)))[0])
    right, lower = WINDOW.reach
    shown = [line for line in lines if line[1] < right and line[2] < lower]
    assert without_spaces("".join(given)) in without_spaces("".join(line[0] for line in shown))
    seen = WINDOW.always
    assert max(base + size / MM * 0.12 for _, _, base, size in shown) <= seen.top + seen.high
    assert max(x + width(text, size) for text, x, _, size in shown) <= seen.left + seen.wide


def test_the_folds_are_marked_at_thirds():
    """Two marks at the left edge, 99 and 198 mm from the top, tell staff where to fold."""
    contents = read(letter(PAGE))[0].get_contents()
    assert contents is not None
    starts = [
        (float(x) / MM, 297 - float(y) / MM)
        for (x, y), operator in ((args, operator) for args, operator in contents.operations if operator == b"m")
    ]
    assert [round(y) for x, y in starts if x < 5] == [99, 198]


def test_the_qr_leads_to_the_persons_own_page():
    """What is printed is, module for module, the code of the address: level M or better, with its quiet zone."""
    drawn = {
        (int(x) + column - QUIET, -int(y) - QUIET - 1)
        for x, y, wide, high in boxes(read(letter(PAGE))[0])
        if high == 1 and y < 0
        for column in range(int(wide))
    }
    code = segno.make(PAGE.url, error="m", micro=False)
    assert drawn == {(x, y) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark}
    assert code.error in ("M", "Q", "H")


def test_a_letter_without_a_page_or_a_telephone_leaves_them_out():
    """No empty QR, and no telephone that nobody answers."""
    bare = replace(PAGE, url="", office=replace(PAGE.office, phone="", hours=""))
    page = read(letter(bare))[0]
    said = text_of([page])
    assert [box for box in boxes(page) if box[3] == 1] == []
    assert "スマートフォンで読み取ると" not in said
    assert "お電話でこの番号を" not in said
    assert said.count(PAGE.code) == 2


def test_the_slip_has_a_box_for_every_answer_and_none_for_what_only_a_screen_can_do():
    """Each answer has its box; a button that merely leads on is no answer on paper."""
    further = Button("ほかの住宅を見る", "help::0:")
    message = replace(OVERDUE, buttons=(*OVERDUE.buttons, further))
    page = read(letter(replace(PAGE, message=message)))[0]
    ticks = [box for box in boxes(page) if round(box[2] / MM, 2) == round(box[3] / MM, 2) == BOX]
    assert len(ticks) == len(OVERDUE.buttons)
    said = text_of([page])
    assert "ほかの住宅を見る" not in said
    assert "実施日令和年月日" in said


def test_done_is_ticked_with_its_result():
    """A screen asks for the result afterwards; paper cannot, and staff could not key it in."""
    message = replace(OVERDUE, buttons=(Button("もう済んだ", "already:H-1:0:"), Button("まだ", "not_yet:H-1:0:")))
    said = text_of([read(letter(replace(PAGE, message=message)))[0]])
    assert "終わった・異常なし" in said
    assert "終わった・指摘あり" in said
    assert "もう済んだ" not in said


def test_a_consent_on_paper_is_dated_and_signed():
    """The slip that gives the mandate asks for the day and the name of whoever ticks it, not for a day of work."""
    message = replace(OVERDUE, buttons=(Button("2つとも同意する", "consent::0:1"),))
    said = text_of([read(letter(replace(PAGE, message=message)))[0]])
    assert "ご記入日令和年月日お名前" in said
    assert "実施日" not in said


def test_a_long_letter_goes_on_over_the_page_and_nothing_is_cut():
    """Every sentence is there, the address on the first page only, the slip on the last only, all pages numbered."""
    sentences = tuple(f"{number}番目のお知らせです。{'長い文章が続きます。' * 12}" for number in range(1, 21))
    message = replace(OVERDUE, paragraphs=sentences, facts=tuple((f"項目{n}", f"内容{n}" * 40) for n in range(9)))
    pages = read(letter(replace(PAGE, message=message)))
    texts = [text_of([page]) for page in pages]
    assert len(pages) >= 3
    between = (text for page in pages for text, _, base, _ in lines_of(page) if 18 < base < 288)
    whole = without_spaces("".join(between))
    assert [text for text in (*sentences, *(value for _, value in message.facts)) if text not in whole] == []
    assert [number for number, text in enumerate(texts) if "〒157-0066" in text] == [0]
    assert [number for number, text in enumerate(texts) if "切り取り線" in text] == [len(pages) - 1]
    assert all(f"{number}/{len(pages)}ページ" in text for number, text in enumerate(texts, 1))
    assert all(PAGE.code in text for text in texts[1:]), "a sheet that went astray finds back"


@pytest.mark.parametrize("count", range(1, 16))
def test_the_slip_can_be_cut_off_without_cutting_into_the_letter(count):
    """However long the letter is, what is to be kept ends above the line where the slip is cut off."""
    message = replace(OVERDUE, paragraphs=OVERDUE.paragraphs[:1] * count)
    last = lines_of(read(letter(replace(PAGE, message=message)))[-1])
    cut = next(base for text, _, base, _ in last if text == "切り取り線")
    kept = "".join((*message.paragraphs, *message.footer, *(value for _, value in message.facts)))
    assert all(base < cut - 2 for text, _, base, _ in last if len(text) > 10 and text in kept)
    below = [text for text, _, base, _ in last if base > cut]
    assert below[0] == "ご返信票"
    assert PAGE.code in below


def test_text_from_outside_is_text():
    """What looks like markup is printed as it was written."""
    hostile = '<b>太郎</b> &amp; <font size="90">'
    said = text_of(read(letter(replace(PAGE, to_name=hostile, message=replace(OVERDUE, paragraphs=(hostile,))))))
    assert said.count(without_spaces(hostile)) == 2


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("髙﨑 濵邉", "髙﨑濵邉様"),
        ("𠮷田 花子", "吉田花子様"),
        ("葛\U000e0100城", "葛城様"),
        ("か\u3099く", "がく様"),
        ("Nguyễn", "Nguyen様"),
        ("山田😀", "山田〓様"),
        ("山\u202e田\u0000太\u200b郎\n次郎", "山田太郎次郎様"),
        ("\ud800山田", "〓山田様"),
    ],
)
def test_a_name_stays_legible_whatever_the_font_lacks(written, printed):
    """Another form of the same sign where there is one, 〓 where there is none, and nothing for what has no form."""
    assert printed in text_of(read(letter(replace(PAGE, to_name=written))))


def test_letters_of_a_day_are_one_file():
    """A batch is one PDF, each letter on its own page with its own code; an empty batch is refused."""
    pages = read(letters(replace(PAGE, code=f"{number:06d}") for number in range(12)))
    assert ["".join(f"{n:06d}" for n in range(12) if f"{n:06d}" in text_of([page])) for page in pages] == [
        f"{number:06d}" for number in range(12)
    ]
    with pytest.raises(ValueError, match="no letter"):
        letters([])


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６"])
def test_a_code_is_six_digits(code):
    """A letter that could not be answered is not written."""
    with pytest.raises(ValueError, match="six digits"):
        replace(PAGE, code=code)


def test_the_file_is_fit_for_printing():
    """Printed unscaled and one-sided, every font inside, and nothing personal in its properties."""
    reader = PdfReader(BytesIO(letter(PAGE)))
    preferences, resources = reader.root_object["/ViewerPreferences"], reader.pages[0]["/Resources"]
    assert isinstance(preferences, DictionaryObject)
    assert isinstance(resources, DictionaryObject)
    assert [str(preferences[name]) for name in ("/PrintScaling", "/Duplex")] == ["/None", "/Simplex"]
    found = resources["/Font"]
    assert isinstance(found, DictionaryObject)
    fonts = [font.get_object() for font in found.values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    assert not any("山田" in str(value) or "482913" in str(value) for value in (reader.metadata or {}).values())


def test_the_same_letter_is_the_same_bytes():
    """Another letter in between, or another run of Python, changes nothing; and matplotlib is never loaded."""
    first = letter(PAGE)
    letter(replace(PAGE, to_name="鈴木 花子", message=IN_ENGLISH))
    assert letter(PAGE) == first
    program = f"""
import datetime, hashlib, sys
from bot.core.message import Button, Message
from templates.letter import LetterPage, letter
from templates.paper.words import words
from templates.render import Office
print(hashlib.sha256(letter({PAGE!r})).hexdigest(), "matplotlib" in sys.modules)
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert runs.pop().split()[1] == "False"


def test_both_languages_say_the_same_around_the_text():
    """No word of a letter is missing in either language."""
    japanese, english = words("ja"), words("en")
    assert japanese.keys() == english.keys()
    assert all(japanese[part].keys() == english[part].keys() for part in ("reply", "slip"))


anything = st.text(max_size=200)
few = st.lists(anything, max_size=4).map(tuple)


@settings(max_examples=40)
@given(name=anything, postcode=anything, address=few, paragraphs=few, labels=st.lists(anything, max_size=12))
def test_no_text_breaks_a_letter(name, postcode, address, paragraphs, labels):
    """Whatever stands in a name, an address, a sentence or a label, a readable letter with its code comes out."""
    buttons = tuple(Button(label, "done:c:1:") for label in labels)
    message = replace(OVERDUE, title=name, paragraphs=paragraphs, buttons=buttons, facts=((name, postcode),))
    page = replace(PAGE, to_name=name, to_postcode=postcode, to_address=address, message=message)
    pages = read(letter(page))
    said = text_of(pages)
    assert said.count(PAGE.code) >= 2
    assert "切り取り線" in said
    assert all(x > 4 and 10 < base < 293 for page in pages for _, x, base, _ in lines_of(page))


@settings(max_examples=40)
@given(st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x9FA0, categories=["Lo"]), max_size=60))
def test_a_japanese_name_is_never_shortened(name):
    """Each sign of a name is there, or 〓 in its place."""
    unnamed, named = (text_of(read(letter(replace(PAGE, to_name=one, message=IN_ENGLISH)))) for one in ("", name))
    assert len(named) - len(unnamed) >= len(name)


def test_another_channel_is_offered_on_a_sheet_of_its_own():
    """The letter asks one thing; the sheet says whose it is, and holds the code to scan and to type."""
    offer = Elsewhere("LINE", "https://line.me/R/oaMessage/%40216ru/?K7PM-3XQD", "K7PM-3XQD", date(2027, 1, 25))
    alone = read(letter(PAGE))
    pages = read(letter(replace(PAGE, elsewhere=offer)))
    assert [page.extract_text() for page in pages[:-1]] == [page.extract_text() for page in alone]
    said = text_of(pages[-1:])
    for words_on_it in ("山田太郎", "482913", "LINEでも受け取れます", "K7PM-3XQD", "2027年1月25日(月)"):
        assert words_on_it in said

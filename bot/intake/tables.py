"""The five tables of the intake format, as data: keys, Japanese headers, what a cell may hold.

Adding or retiring a channel of contact is one line in ``ADDRESSES``.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.loan import METHODS


class Kind(StrEnum):
    """What a cell of a column holds."""

    ID = "id"  # text under which a row is known here or elsewhere: a number cell may have lost its zeros
    TEXT = "text"
    CODE = "code"  # text in which it makes no difference how wide its letters are
    CHOICE = "choice"
    DATE = "date"
    MONTH = "month"
    WHOLE = "whole"
    DECIMAL = "decimal"
    ADDRESS = "address"
    PHONE = "phone"
    CORPORATE = "corporate"
    MUNICIPALITY = "municipality"
    NAMES = "names"
    CHANNELS = "channels"
    CLOSING_DAYS = "closing_days"
    RATES = "rates"
    STEP_DAYS = "step_days"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``required`` means that the column must be there and its cell filled.

    ``longest`` counts characters. ``least`` and ``most`` bound a number; ``years`` admits ``5年`` and ``5年ごと``. A
    column with a ``channel`` holds the person's address there, which must match ``pattern``; ``numeric`` says that a
    number cell is its natural form. What only ``operators`` of the guarantor fill in is left out of a builder's blank.
    """

    key: str
    header: str
    kind: Kind = Kind.TEXT
    required: bool = False
    longest: int = 200
    choices: tuple[str, ...] = ()
    default: str | None = None
    least: int = 0
    most: int = 999_999
    years: bool = False
    pattern: str = ""
    channel: str = ""
    numeric: bool = False
    operators: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, the sheet it stands on in a workbook, its key and its columns."""

    name: str
    sheet: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


LONG = 1000
LANGUAGES = ("ja", "en")
SAFE_ID = r"[A-Za-z0-9._-]+"

# One line per channel of contact. Local parts are as loose as Japanese carriers once sold them ("a..b.@docomo.ne.jp").
EMAIL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
ADDRESSES = (
    Column("email", "メール", Kind.ADDRESS, pattern=EMAIL, channel="email"),
    Column("line_user_id", "LINE", Kind.ADDRESS, pattern=r"U[0-9a-fA-F]{32}", channel="line", operators=True),
    Column(
        "telegram_chat_id",
        "Telegram",
        Kind.ADDRESS,
        pattern=r"-?[0-9]{1,19}",
        channel="telegram",
        numeric=True,
        operators=True,
    ),
    Column("slack_user_id", "Slack", Kind.ADDRESS, pattern=r"[A-Za-z0-9_-]{1,64}", channel="slack", operators=True),
)
_PHONE = Column("phone", "電話", Kind.PHONE)
_CHANNEL_ORDER = Column("channel_order", "連絡順", Kind.CHANNELS)
_LANGUAGE = Column("language", "言語", Kind.CHOICE, choices=LANGUAGES, default="ja")

HOUSES = Table(
    "houses",
    "住宅",
    ("house_id",),
    (
        Column("house_id", "住宅ID", Kind.ID, required=True, longest=64, pattern=SAFE_ID),
        Column("common_id", "共通ID", Kind.ID, longest=64),
        Column("guarantee_no", "残価保証番号", Kind.ID),
        Column(
            "certification_kind",
            "認定区分",
            Kind.CHOICE,
            choices=("新築", "増改築", "既存", "なし"),
            default="新築",
        ),
        Column("completed_on", "工事完了日", Kind.DATE),
        Column("history_provider", "情報サービス機関"),
        Column("builder_id", "施工事業者ID", Kind.ID, required=True),
        Column("servicer_id", "維持管理事業者ID", Kind.ID, required=True),
        Column("backup_servicer_id", "予備事業者ID", Kind.ID),
        Column("certificate_no", "認定番号"),
        Column("certified_on", "認定日", Kind.DATE),
        Column("authority", "所管行政庁"),
        Column("handed_over_on", "引渡日", Kind.DATE, required=True),
        Column("structure", "構造"),
        Column("storeys", "階数", Kind.WHOLE, most=200),
        Column("floor_area_m2", "延床面積", Kind.DECIMAL),
        Column("postcode", "郵便番号", Kind.CODE),
        Column("address", "所在地", longest=LONG),
        Column("municipality_code", "全国地方公共団体コード", Kind.MUNICIPALITY),
        Column("event_intensity", "臨時点検の震度", Kind.CHOICE, choices=("5弱", "5強", "6弱", "6強", "7")),
        Column("event_wind", "臨時点検の風速", Kind.WHOLE, least=10, most=100),
        Column("plan_years", "計画年数", Kind.WHOLE, least=30, most=999, years=True),
        Column("residual_month", "残価設定月", Kind.MONTH),
        Column("lender", "金融機関"),
        Column("owner_id", "所有者ID", Kind.ID),
        Column("owner_name", "所有者氏名", required=True),
        Column("owner_kana", "所有者カナ"),
        _LANGUAGE,
        Column("consent_information_on", "情報取得許諾日", Kind.DATE),
        Column("consent_mandate_on", "支援委託日", Kind.DATE),
        Column("consent_withdrawn_on", "同意撤回日", Kind.DATE),
        *ADDRESSES,
        _PHONE,
        Column("co_owners", "共有者", Kind.NAMES),
        _CHANNEL_ORDER,
    ),
)

PLAN = Table(
    "plan",
    "維持保全計画",
    ("house_id", "item_code"),
    (
        Column("house_id", "住宅ID", Kind.ID, required=True),
        Column("item_code", "項目コード", Kind.CODE, required=True),
        Column("item_name", "部位", required=True),
        Column("kind", "種別", Kind.CHOICE, required=True, choices=("点検", "修繕", "交換")),
        Column("first_year", "初回年", Kind.WHOLE, required=True, least=1, most=100, years=True),
        Column("interval_years", "間隔年", Kind.WHOLE, required=True, most=100, years=True),
        Column("legal_class", "法定区分", Kind.CHOICE, choices=("法定", "任意")),
        Column("done_by", "実施区分", Kind.CHOICE, choices=("所有者", "事業者", "どちらでも")),
    ),
)

RECORDS = Table(
    "records",
    "実施記録",
    ("house_id", "item_code", "done_on"),
    (
        Column("house_id", "住宅ID", Kind.ID, required=True),
        Column("item_code", "項目コード", Kind.CODE, required=True),
        Column("done_on", "実施日", Kind.DATE, required=True),
        Column("performer", "実施者"),
        Column("result", "結果", Kind.CHOICE, choices=("良", "要補修")),
        Column("note", "備考", longest=LONG),
    ),
)

SERVICERS = Table(
    "servicers",
    "事業者",
    ("servicer_id",),
    (
        Column("servicer_id", "事業者ID", Kind.ID, required=True),
        Column("name", "名称", required=True),
        Column("role", "種別"),
        Column("corporate_no", "法人番号", Kind.CORPORATE),
        *ADDRESSES,
        _PHONE,
        Column("area", "対応地域"),
        Column("status", "状態", Kind.CHOICE, choices=("営業", "休業", "廃業"), default="営業"),
        Column("closed_on", "廃業日", Kind.DATE),
        _CHANNEL_ORDER,
        Column("closing_days", "定休日", Kind.CLOSING_DAYS),
        Column("backup", "予備登録", Kind.CHOICE, choices=("はい", "いいえ"), default="いいえ"),
        Column("capacity_per_month", "月間受入数", Kind.WHOLE),
        Column("association", "所属団体"),
        Column("licence_until", "許可期限", Kind.DATE),
        Column("structures", "対応構造"),
        _LANGUAGE,
    ),
)

EDITIONS = (  # the ids of bot.programmes.edition, which says what each is
    *("flat35-reno-2016", "kosodate-2023", "machizukuri-2023", "reform-2022", "sakoju-2023"),
    *("sumairu-kosodate-2026", "sumairu-machizukuri-2026", "zanka-2023"),
)
LOANS = Table(
    "loans",
    "ローン",
    ("house_id", "loan_no"),
    (
        Column("house_id", "住宅ID", Kind.ID, required=True),
        Column("loan_no", "ローン番号", Kind.WHOLE, required=True, least=1, most=99),
        Column("edition", "制度", Kind.CHOICE, required=True, choices=EDITIONS),
        Column("applied_on", "申込日", Kind.DATE, required=True),
        Column("contracted_on", "契約日", Kind.DATE),
        Column("first_payment_on", "初回返済日", Kind.DATE),
        Column("months", "返済月数", Kind.WHOLE, least=1, most=600),
        Column("principal_yen", "借入額", Kind.WHOLE, least=1, most=999_999_999_999),
        Column("rate_steps", "金利の段階", Kind.RATES),
        Column("reductions", "金利引下げ", Kind.NAMES),
        Column("fixed_years", "金利固定年数", Kind.WHOLE, least=1, most=50, years=True),
        Column("prepayment_restricted", "繰上返済制限", Kind.CHOICE, choices=("はい", "いいえ"), default="いいえ"),
        Column("inspection_on", "適合証明検査日", Kind.DATE),
        Column("insured_until", "火災保険満期日", Kind.DATE),
        Column("units", "融資対象戸数", Kind.WHOLE, least=1, most=9999),
        Column("certified_units", "認定戸数", Kind.WHOLE, most=9999),
        Column("repaid_on", "完済日", Kind.DATE),
        Column("method", "返済方法", Kind.CHOICE, choices=tuple(METHODS)),
        Column("step_days", "手続の日", Kind.STEP_DAYS),
    ),
)

TABLES = (SERVICERS, HOUSES, PLAN, RECORDS, LOANS)  # in the order in which a call reads them
REASON_HEADER = "理由"
IGNORED_HEADERS = (REASON_HEADER, "reason")
EXAMPLES_SHEET, RESULT_SHEET = "記入例", "取込結果"  # the sheets that we write ourselves, and nobody fills in
CHANNEL_COLUMNS = {column.channel: column for column in ADDRESSES}


def table_named(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)

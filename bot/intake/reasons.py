"""Why a row or a file was refused, kept with a warning, or written in standard form: every reason code, once.

A code keeps its meaning for ever: builders' scripts read it. The message is what a person reads; ``{label}`` is
the column's Japanese header, ``{value}`` what the file says.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is, the worst last."""

    NORMALISED = "normalised"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing found, before it is known where: a reason, the column's key, and what was written there."""

    reason: str
    field: str | None = None
    value: str | None = None

    @property
    def severity(self) -> Severity:
        return severity_of(self.reason)


_WHOLE_FILE = {
    "file_not_found": "ファイルが見つかりません",
    "not_a_file": "通常のファイルではありません",
    "file_unreadable": "ファイルを読み取れません（{value}）",
    "file_empty": "ファイルが空です",
    "file_too_large": "ファイルが大きすぎます（上限 {value}）。CSVに分けてお送りください",
    "unpacked_too_large": "展開後の大きさが上限（{value}）を超えるファイルです",
    "unknown_encoding": "文字コードを判別できません（UTF-8 か cp932 でお送りください）",
    "unknown_format": "CSV・xlsx・JSON のいずれでもありません（{value}）",
    "unknown_table": "見出しから表の種類を判別できません（{value}）",
    "missing_column": "必須の列「{label}」がありません",
    "duplicate_column": "列「{label}」が二つ以上あります",
    "broken_xlsx": "xlsx ファイルが壊れています（{value}）",
    "unsafe_xml": "DTD や外部実体を含む xlsx は受け付けません（{value}）",
    "broken_json": "JSON として読めません（{value}）",
    "json_shape": "JSON の形が違います（{value}）",
    "duplicate_list": "JSON に同じ表「{value}」が二つ以上あります",
    "no_table": "取り込める表がありません",
}

_REFUSED_ROW = {
    "wrong_cell_count": "セルの数が見出しと合いません（{value}）",
    "broken_quotes": "引用符の閉じ方が正しくない行です",
    "line_too_long": "一行が長すぎます",
    "nul_character": "「{label}」に NUL 文字が含まれています",
    "bad_character": "「{label}」に文字として読めないものが含まれています",
    "too_long": "「{label}」が長すぎます",
    "required": "「{label}」が空です",
    "bad_id": "「{label}」に使えない文字があります（{value}）。半角の英数字と - _ . だけが使えます",
    "number_in_id": "「{label}」が数値のセルです（{value}）。先頭の 0 が失われるため、文字列で入力してください",
    "formula_without_value": "「{label}」の数式に計算結果がありません",
    "error_value": "「{label}」がエラー値です（{value}）",
    "not_text": "「{label}」が文字列ではありません",
    "not_finite": "「{label}」が有限の数値ではありません（{value}）",
    "key_twice": "同じキー「{value}」が一つの行に二度あります",
    "not_an_object": "行がオブジェクトではありません",
    "not_a_number": "「{label}」が数値ではありません（{value}）",
    "not_whole": "「{label}」が整数ではありません（{value}）",
    "out_of_range": "「{label}」が範囲の外です（{value}）",
    "date_impossible": "「{label}」はあり得ない日付です（{value}）",
    "date_ambiguous": "「{label}」の日付が一つに決まりません（{value}）。YYYY-MM-DD で書いてください",
    "date_before_era": "「{label}」はその元号が始まる前の日付です（{value}）",
    "date_unreadable": "「{label}」を日付として読めません（{value}）。YYYY-MM-DD で書いてください",
    "month_unreadable": "「{label}」を年月として読めません（{value}）。YYYY-MM で書いてください",
    "bad_choice": "「{label}」に使えない値です（{value}）",
    "bad_address": "「{label}」の形が正しくないか、複数書かれています（{value}）",
    "bad_corporate_no": "「{label}」が正しくありません（13桁、検査数字が合いません）（{value}）",
    "bad_municipality_code": "「{label}」が正しくありません（6桁は検査数字つき、5桁は検査数字なし）（{value}）",
    "unknown_servicer": "「{label}」が事業者の表にありません（{value}）",
    "unknown_house": "「{label}」の住宅が登録されていません（{value}）",
    "not_unique": "「{label}」はほかの住宅で使われています（{value}）",
    "same_key_other_data": "同じ「{label}」で内容の違う行が先にあります（{value}）",
    "before_the_law": "「{label}」が法の施行日（2009-06-04）より前です（{value}）",
    "before_certification": "「{label}」が認定日より前です（{value}）",
    "before_handover": "「{label}」が引渡日より前です（{value}）",
    "before_application": "「{label}」が申込日より前です（{value}）",
    "bad_rates": "「{label}」を金利の段階として読めません（{value}）。1:0.33>121:0.93 のように書いてください",
    "bad_step_days": "「{label}」を手続の日として読めません（{value}）。設計検査:2026-12-01 のように書いてください",
    "before_consent": "「{label}」が許諾日・委託日より前です（{value}）",
    "not_usable": "「{label}」はお使いになれません（{value}）。お手数ですが、担当者にご連絡ください",
    "company_not_yours": "「{label}」には自社の事業者IDをご記入ください（{value}）。ほかの会社は担当者が登録します",
    "not_guaranteed": "新しい住宅には「{label}」をご記入ください",
    "row_of_another": "事業者の表は、自社の行だけをお送りください（{value}）",
    "owner_change": "「{label}」が登録と違います。所有者が変わったときは、担当者にご連絡ください",
    "not_in_pilot": "「{label}」は、いまの試行の会社ではありません（{value}）。加わるときは、担当者にご連絡ください",
    "statement_unfit": "引継ぎの資料にある「{value}」の記載を取り込めません（{label}）",
    "in_the_future": "「{label}」が未来の日付です（{value}）",
}

_KEPT_WITH_WARNING = {
    "unknown_column": "知らない列です（{value}）。読み飛ばしました",
    "nothing_written": "まだ何も記入されていません。見出しの下の行にご記入のうえ、お送りください",
    "hidden_sheet": "非表示のシート「{value}」は読みません",
    "unknown_sheet": "シート「{value}」は表として読めないため、読み飛ばしました",
    "unknown_list": "知らない項目「{value}」を読み飛ばしました",
    "number_for_text": "「{label}」が数値のセルです（{value}）。文字列として取り込みました",
    "era_ended": "「{label}」はその元号が終わったあとの日付です（{value}）",
    "backup_is_servicer": "「{label}」が維持管理事業者と同じです（{value}）",
    "plan_under_50_years": "「{label}」が50年未満です（{value}）。残価設定型ローンには50年以上が必要です",
    "consent_missing": "「{label}」がありません。この住宅には何も送られません",
    "consent_in_the_future": "「{label}」が未来の日付です（{value}）。同意とはみなしません",
    "unknown_channel": "「{label}」に知らない連絡手段があります（{value}）",
    "channel_without_address": "「{label}」の連絡手段に宛先がありません（{value}）",
    "no_channel": "連絡手段が一つもありません",
    "contacts_differ": "同じ所有者の先の行と「{label}」が違います（{value}）。先の行の連絡先を使います",
    "inspection_gap": "「{label}」が10年を超えています（{value}）。法定の点検は10年以内ごとです",
    "item_not_in_plan": "「{label}」が維持保全計画にありません（{value}）",
    "record_again": "同じ実施記録がすでにあります（{value}）。一件として扱います",
    "closed_by_handover": "「{label}」は取り込みません（{value}）。引継ぎにより廃業となっている事業者です",
    "operators_only": "「{label}」は担当者が登録しますので、取り込みません（{value}）",
    "chat_by_person": "「{label}」は取り込みません。ご本人に登録していただきます",
    "closing_days_unclear": "「{label}」を曜日として読めません（{value}）",
    "rejected_not_written": "取り込めなかった行のファイルを書けませんでした（{value}）",
}

_STANDARD_FORM = {
    "header_form": "見出しを「{label}」と読みました（{value}）",
    "characters_removed": "「{label}」から制御文字・見えない文字を除きました",
    "date_form": "「{label}」を標準の日付の形に直しました（{value}）",
    "month_form": "「{label}」を標準の年月の形に直しました（{value}）",
    "number_form": "「{label}」を標準の数値の形に直しました（{value}）",
    "width_form": "「{label}」の文字の幅をそろえました（{value}）",
    "address_form": "「{label}」を半角に直しました（{value}）",
    "channel_form": "「{label}」の連絡手段を標準の名前に直しました（{value}）",
}

MESSAGES = {**_WHOLE_FILE, **_REFUSED_ROW, **_KEPT_WITH_WARNING, **_STANDARD_FORM}


def severity_of(reason: str) -> Severity:
    """Every reason has one severity, always."""
    if reason in _STANDARD_FORM:
        return Severity.NORMALISED
    return Severity.WARNING if reason in _KEPT_WITH_WARNING else Severity.ERROR


def refuses(faults: list[Fault]) -> bool:
    """Whether any of these means that the row is not kept."""
    return any(fault.severity is Severity.ERROR for fault in faults)


class Refused(Exception):
    """The whole file is refused: nothing of it is kept. ``table`` is the one concerned, where that is known."""

    def __init__(self, *faults: Fault, table: str | None = None) -> None:
        super().__init__("; ".join(fault.reason for fault in faults))
        self.faults = faults
        self.table = table

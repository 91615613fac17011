"""Signs and syllables that mean others. Whole words stand in phrases/spelling.txt."""

# Marks that look like a dash or a tilde. They keep their meaning: "8/3〜5" stays a range, "11−3" stays joined.
DASHES = "−–—‐‑‒―﹣－➖─"
TILDES = "〜～∼˜〰⁓"

# Letters and signs read for a digit when they stand against one.
LOOKALIKES = {"l": "1", "i": "1", "|": "1", "o": "0"}

# A run of katakana holding one of these is speech in katakana (ｵﾜﾘﾏｼﾀ), not a foreign word.
KATAKANA_SPEECH = [
    "マシタ",
    "マセン",
    "デス(?!ク)",
    "[シリイテキミチメエレデ]マス",
    "オワ",
    "ヤリマ",
    "ヤッテ",
    "ヤッタ",
    "スミマ",
    "スンダ",
    "マダ",
    "ハイ",
    "イイエ",
    "クダサイ",
    "オネガイ",
    "キマシ",
    "シマシ",
    "ナイ",
    "アリガト",
    "コンニチ",
    "テンケン",
    "カンリョウ",
    "スミデス",
    "シテ",
    "キノウ",
    "アシタ",
    "ライシュウ",
    "センシュウ",
    "イジョウ(?=ナ|ア)",
    "モンダイ",
    "シテキ",
    "リョウカイ",
    "ショウチ",
    "モウシコ",
    "レンラク",
    "コンゲツ",
    "ライゲツ",
    "センゲツ",
    "ヨヤク",
]

# Hiragana months and days: 「しちがつ じゅうごにち」.
KANA_MONTHS = [
    "いちがつ",
    "にがつ",
    "さんがつ",
    "しがつ",
    "ごがつ",
    "ろくがつ",
    "しちがつ",
    "はちがつ",
    "くがつ",
    "じゅうがつ",
    "じゅういちがつ",
    "じゅうにがつ",
]
KANA_DAYS = ["ついたち", "ふつか", "みっか", "よっか", "いつか", "むいか", "なのか", "ようか", "ここのか", "とおか"]
KANA_UNITS = ["", "いち", "に", "さん", "よ よん", "ご", "ろく", "しち なな", "はち", "く きゅう"]
KANA_TENS = {0: "", 10: "じゅう", 20: "にじゅう", 30: "さんじゅう"}

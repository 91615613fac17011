"""Words and ids that these tests use."""

from bot.channels.line.form import BubbleWords

WORDS = {
    "ja": {
        "bubble": {
            "open": "お返事のページを開く",
            "more": "続きは、お返事のページでお読みください。",
            "link": "番号を入れる",
        }
    },
    "en": {
        "bubble": {
            "open": "Open your answer page",
            "more": "The rest is on your answer page.",
            "link": "Enter the code",
        }
    },
}
JA = BubbleWords(**WORDS["ja"]["bubble"])
NOBODY = "U" + "0" * 32

"""Who and what there is in the workspace."""

BOT, APP, SECRET = "xoxb-fake-bot-token", "xapp-fake-app-token", "fake-signing-secret"
DESK, BOT_USER, GONE = "C0DESK", "U0BOT", "U0GONE"
USERS = {"U0SATO": "sato", "U0KIMURA": "kimura", "U0FIRM": "midori"}
EMAILS = {"U0FIRM": "midori@example.jp"}  # confirmed ones
RETRY_AFTER = 7

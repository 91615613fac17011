"""Slack: the staff at their desk, and companies that asked for it.

Over HTTP a request is checked and split with slack_sdk's pieces; in Socket Mode slack-bolt's app and handler hold the
line. Bolt acknowledges an event before its listeners run, and answers 404 to what it does not know; here whatever
comes is stored first, then acknowledged, and understood afterwards. So over HTTP the doors do without Bolt's app
(which would also check a signature's age by a clock that nobody can set), and in Socket Mode one global middleware
stores everything and no listener is left to run (libraries: slack-bolt, "Event listeners are acked before they run").
"""

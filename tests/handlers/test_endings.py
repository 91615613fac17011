"""Words that answer the page of an ending, and words about something else that is to stop or go."""

import pytest

from handlers.endings import END_SUPPORT, ERASE, sure


@pytest.mark.parametrize("words", ["やめます", "はい、やめます", "支援をやめたい", "それでもやめます", "解約します"])
def test_the_support_ends_where_they_say_so(words: str):
    assert sure(words, END_SUPPORT)


@pytest.mark.parametrize("words", ["LINEはやめてメールにしてください", "夜の電話はやめてほしい", "点検はやめたい"])
def test_something_else_that_is_to_stop_ends_no_support(words: str):
    assert sure(words, END_SUPPORT) is None


@pytest.mark.parametrize("words", ["消してください", "個人情報を消して", "全部消して", "データの削除をお願いします"])
def test_the_data_goes_where_they_say_so(words: str):
    assert sure(words, ERASE)


@pytest.mark.parametrize("words", ["写真を消して", "さっきのメッセージを削除して"])
def test_one_thing_that_is_to_go_erases_nobody(words: str):
    assert sure(words, ERASE) is None

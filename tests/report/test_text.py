from heldout.report.text import distinct, line, markdown, paragraphs, plain, short, spans


def test_control_characters_and_changes_of_direction_are_replaced() -> None:
    assert plain("a\x1b[31mb\u202ec\x00\nd") == "a\ufffd[31mb\ufffdc\ufffd\nd"
    assert line("a\n  b\tc ") == "a b c"


def test_a_lone_surrogate_can_be_written() -> None:
    assert plain("\ud800x").encode() == "\ufffdx".encode()


def test_short_text_keeps_both_ends() -> None:
    assert short("mean corruption error of cnn", 14) == "mean corr… cnn"
    assert len(short("x" * 50, 20)) == 20
    assert short("fits", 4) == "fits"
    assert short("abcdef", 1) == "…"


def test_markdown_is_shown_as_written() -> None:
    assert markdown("a_b*c|<i>`x`") == r"a\_b\*c\|\<i\>\`x\`"
    assert markdown("1. one") == r"1\. one"
    assert markdown("- one") == r"\- one"


def test_numbers_that_begin_no_list_are_left_alone() -> None:
    assert markdown("0.75") == "0.75"
    assert markdown("12.") == r"12\."
    assert markdown("---") == r"\---"


def test_names_that_are_cut_can_still_be_told_apart() -> None:
    names = [f"Qwen--Qwen2.5-{n}B-Instruct_vllm" for n in (7, 14, 32, 72)] + ["short", "x" * 40, "x" * 41]
    for width in (8, 14, 20):
        found = distinct(names, width)
        assert list(found) == names
        assert len(set(found.values())) == len(names)
        assert max(map(len, found.values())) <= width
    assert distinct(names, 50) == {n: n for n in names}


def test_what_is_kept_changed_left_out_and_found_begins_a_paragraph() -> None:
    text = "Kept: all. Left out: nothing.\nChanged: a\nline.\n\nMore\nof it. Found: it.\nThe claims."
    assert paragraphs(text) == [
        "Kept: all.",
        "Left out: nothing.",
        "Changed: a\nline.",
        "More\nof it.",
        "Found: it.",
        "The claims.",
    ]


def test_code_stands_between_two_backticks() -> None:
    assert list(spans("a `b` c`")) == [(False, "a "), (True, "b"), (False, " c`")]
    assert markdown("the `a_b` <i> of `c", code=True) == r"the `a_b` \<i\> of \`c"

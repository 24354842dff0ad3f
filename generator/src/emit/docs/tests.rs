//! The format of doc comments, and their safety.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};

use clientwright_normalizer::hidden::is_hidden;

use crate::emit::Draft;

use super::{check, clean, layout, lines, markdown, prose};

fn comment(text: &str) -> String {
    lines(text).join("\n")
}

/// Returns the lines before they are checked.
fn unchecked(text: &str) -> Vec<String> {
    markdown(&clean::text(text))
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(unchecked(text).join("\n"), expected, "from {text:?}");
    assert!(check::is_harmless(&unchecked(text)), "from {text:?}");
}

#[track_caller]
fn stays(text: &str) {
    becomes(text, text);
}

#[test]
fn empty_text_has_no_lines() {
    for text in
        ["", " ", "\n\n", "\t\r\n", "\u{202e}\u{feff}", "<!-- -->", "```\n```", "- \n- ", ">", "#", "**", "\u{a0}"]
    {
        assert!(lines(text).is_empty() || lines(text) == ["\\*\\*"], "from {text:?}: {:?}", lines(text));
    }
}

#[test]
fn prose_is_kept() {
    stays("The cluster's identifier, e.g. 42 (an int64); 100% of it = 1 + 1 - 1. Is it? #1, page_size, a > b, $ref.");
    stays("First paragraph,\nin two lines.\n\nSecond one: über-naïve “quotes” … 日本語 👩‍👩‍👧");
    stays("A - b\nc # d\n100 percent\n3.5 percent");
    becomes("  Text.\r\n\r\n\r\nMore.  \n", "Text.\n\nMore.");
    becomes("\n        A docstring.\n\n        - one\n        - two\n    ", "A docstring.\n\n- one\n- two");
    becomes("Begin:\n\n    code", "Begin:\n\n```text\ncode\n```");
    assert_eq!(comment("x".repeat(300).as_str()), "x".repeat(300));
}

#[test]
fn markup_is_kept() {
    stays(
        "Use `a < b`, *really*, **very much so**, or ~~not~~:\nsee [the docs](https://example.com/a?b=1&c=2#d) or <https://example.com>.",
    );
    stays("- one\n- two\n  and a half\n- three");
    stays("1. one\n2. two\n   - nested\n   - more\n3. three");
    stays("- one\n\n  continued\n\n- two");
    stays("> quoted\n> twice\n>\n> and more\n\nnot quoted");
    stays("| a | b |\n| --- | :-: |\n| `x` | *y* |\n| a \\| b | `c \\| d` |");
    stays("```json\n{\n  \"a\": 1\n}\n```");
    stays("one\\\ntwo");
    stays("Write to <support@example.com> or [us](mailto:us@example.com).");
    becomes("_a_ and __b__ and ***c***", "*a* and **b** and ***c***");
    becomes("* a\n* b\n\n+ c", "- a\n- b\n\n- c");
    becomes("1.\n2. two", "2. two");
    becomes("one  \ntwo", "one\\\ntwo");
    becomes("a\n\n---\n\nb", "a\n\n***\n\nb");
    becomes("> [!NOTE]\n> Mind the gap.", "> **Note:** Mind the gap.");
    becomes("&lt;id&gt; &amp;copy; &copy;", "\\<id> \\&copy; ©");
}

#[test]
fn text_is_escaped_where_it_must_be() {
    becomes(
        "The [item] of [a][b], `[c]`, [`d`], [] and tags[] [Foo::bar]",
        "The \\[item\\] of \\[a\\]\\[b\\], `[c]`, \\[`d`\\], [] and tags[] \\[Foo::bar\\]",
    );
    becomes(
        "Vec<T>, <id>, </b>, <script>x</script> 1 < 2 <= 3",
        "Vec\\<T>, \\<id>, , \\<script>x\\</script> 1 < 2 <= 3",
    );
    becomes("a ` b", "a \\` b");
    becomes("**/*.js and 2 * 3 and C:\\dir and \\d+\\.", "\\*\\*/\\*.js and 2 * 3 and C:\\dir and \\d+.");
    becomes("snake_case _id and ~10 ~x~", "snake_case \\_id and ~10 ~~x~~");
    becomes("\\# not a heading\n\\- no item\n\\> no quote", "\\# not a heading\n\\- no item\n\\> no quote");
    becomes("1986\\. A year\n\\+ x\n\\=== \n\\---|---", "1986\\. A year\n\\+ x\n\\===\n\\---|---");
    becomes("[^1]\n\n[^1]: note note", "\\[^1\\]\n\n\\[^1\\]: note note");
    becomes("- [ ] to do\n- [x] done", "- \\[ \\] to do\n- \\[x\\] done");
}

#[test]
fn links_are_absolute() {
    becomes("[a](b) [c](#/components/x) [d](/x \"t\") [e](javascript:alert(1)) [f](std::vec::Vec)", "a c d e f");
    becomes(
        "[a][1] [1] [b](<https://x.org/a b(c)>)\n\n[1]: https://example.com 'title'",
        "[a](https://example.com) [1](https://example.com) [b](https://x.org/a%20b%28c%29)",
    );
    becomes(
        "see https://example.com/a_b(c)?d=[1]. (or http://x.org)",
        "see `https://example.com/a_b(c)?d=[1]`. (or <http://x.org>)",
    );
    becomes(
        "https://{region}.example.com/v1 and https://*.a.org, https:// http",
        "`https://{region}.example.com/v1` and `https://*.a.org`, https\\:// http",
    );
    becomes(
        "![alt](https://x.org/y.png) [![alt](a.png)](https://x.org) !\\[a] wow\\![b](https://x.org)",
        "[alt](https://x.org/y.png) [alt](https://x.org) !\\[a\\] wow\\![b](https://x.org)",
    );
    becomes(
        "[https://x.org](https://x.org) [](https://x.org) [`x`](https://x.org)",
        "<https://x.org> <https://x.org> [`x`](https://x.org)",
    );
    becomes(
        "<https://en.wikipedia.org/wiki/Newton_(unit)> <std::vec> <a@b>",
        "<https://en.wikipedia.org/wiki/Newton_(unit)> std::vec a@b",
    );
}

#[test]
fn code_is_never_run() {
    for info in [
        "", "rust", "no_run", "should_panic", "ignore", "edition2024", "E0277", "compile_fail", "rust,json", "{.rust}",
        "foo", "standalone_crate",
    ] {
        becomes(&format!("```{info}\nx\n```"), "```text\nx\n```");
        becomes(&format!("~~~ {info}\nx\n~~~"), "```text\nx\n```");
    }
    becomes("```JSON title=x\n{}\n```", "```json\n{}\n```");
    becomes("    indented\n\tcode", "```text\nindented\ncode\n```");
    becomes("- item\n\n      code\n- ~~~\n  x", "- item\n\n  ```text\n  code\n  ```\n\n- ```text\n  x\n  ```");
    becomes("```\nnever closed", "```text\nnever closed\n```");
    becomes("````\n```rust\n````", "````text\n```rust\n````");
    becomes("``a`b`` ` `` `", "``a`b`` ``` `` ```");
}

#[test]
fn html_becomes_markdown_or_text() {
    becomes(
        "<p>Returns a <code>Foo</code> &amp; <a href=\"/docs\">more</a>.</p>\n\n<ul>\n<li>one</li>\n<li><b>two</b>\n</ul>\n<p>End",
        "Returns a `Foo` & more.\n\n- one\n- **two**\n\nEnd",
    );
    becomes("One.<br>Two.<br/><br />Three <b>bold</b> 2<sup>64</sup>", "One.\\\nTwo.\n\nThree **bold** 2^64");
    becomes("Kinds: <ul><li>a</li><li>b</li></ul> done", "Kinds:\n\n- a\n- b\n\ndone");
    becomes("/repos/<code>/<b>/<a>", "/repos/\\<code>/\\<b>/\\<a>");
    becomes("<fullname>Amplify</fullname> <p>Text.</p> <note><p>More.</p></note>", "Amplify\n\nText.\n\nMore.");
    becomes("Add a <note> to an <important> thing.", "Add a \\<note> to an \\<important> thing.");
    becomes("<details>\n<summary>More</summary>\n\nText\n\n</details>", "More\n\nText");
    becomes("<pre><code>\nlet x = 1 &lt; 2;\n\n</code></pre>\nafter", "```text\nlet x = 1 < 2;\n```\n\nafter");
    becomes("a <!-- hidden --> b\n\n<!-- hidden -->\n\n<!-- not\n\nclosed", "a  b\n\n\\<!-- not\n\nclosed");
    becomes("| a |\n|---|\n| <ul><li>x</li><li>y</li></ul><br>z |", "| a |\n| --- |\n| • x  • y   z |");
    becomes("<h2>Title</h2> x<i>\"y\"</i>z <code>a</code><code>b</code>", "**Title**\n\nx\"y\"z `a` `b`");
}

#[test]
fn headings_are_bold() {
    becomes("# A *b* **c**\ntext\n\nD\n===\n\n#### e", "**A *b* c**\n\ntext\n\n**D**\n\n**e**");
}

#[test]
fn long_prose_is_filled() {
    assert_eq!(lines(&("word ".repeat(22) + "`a` &nbsp; b")).len(), 2);
    let text = "word ".repeat(40)
        + "- 1. 2) # > | = + ``` `code span that is long` [a link of words](https://example.com)"
        + &" word".repeat(20);
    let wrapped = lines(&text);
    assert!(wrapped.len() > 2 && wrapped.iter().all(|line| line.chars().count() < layout::WIDTH + 60), "{wrapped:#?}");
    assert!(wrapped.iter().all(|line| !line.starts_with(['-', '#', '>', '|', '=', '+', '1', '2'])), "{wrapped:#?}");
    assert_eq!(visible(&wrapped.join("\n")), visible(&text));
    let open = unchecked(&("word ".repeat(24) + "!\u{a0}"));
    assert!(open.iter().all(|line| line.trim_end() == line), "{open:#?}");
    let nested = lines(&format!("1. {}", "word ".repeat(60)));
    assert!(nested.iter().skip(1).all(|line| line.starts_with("   word")), "{nested:#?}");
}

#[test]
fn characters_are_visible() {
    becomes("a\u{202e}b\u{2066}c\u{0}d\u{1b}e\u{feff}f\u{e0041}g &#x202e;x&#10;y", "abcdefg x y");
    becomes("a\u{2028}b\u{85}c\u{b}d\re", "a\nb\nc\nd\ne");
    becomes("`ab\tc`", "`ab c`");
    becomes("`a `.", "`a `.");
    becomes("x <code> a </code>.", "x `a`.");
    becomes("/* `*/*` //! */", "/\\* `*/*` //! \\*/");
}

#[test]
fn items_can_contain_blocks() {
    let item = |text: &str| super::item("`404`", &lines(text)).join("\n");
    assert_eq!(item(""), "- `404`");
    assert_eq!(item("Not found.\n\nReally."), "- `404`: Not found.\n\n  Really.");
    assert_eq!(item("```\npanic!()\n```"), "- `404`:\n\n  ```text\n  panic!()\n  ```");
    assert_eq!(item("- a"), "- `404`:\n\n  - a");
}

#[test]
fn code_spans_can_contain_anything() {
    assert_eq!(super::code("a\u{202e}`b\u{2028}c"), "``a`b c``");
    assert_eq!(super::code(""), "` `");
    assert_eq!(super::code("`"), "`` ` ``");
}

#[test]
fn attributes_print_as_comments() {
    for text in ["*/ /* `*/*` /** */", "/ x", "! x", "\"quote\" \\ {}", "a\n\n    b */"] {
        let (lines, file) = printed(text);
        assert_eq!(docs_of(&file), lines, "from {text:?}");
        assert!(file.lines().all(|line| line.starts_with("///") || line == "pub struct X;"), "{file}");
    }
}

/// Returns the lines of a description, and a formatted file with the description on an item.
fn printed(text: &str) -> (Vec<String>, String) {
    let lines = lines(text);
    let draft = Draft {
        tokens: quote::quote!(
            #[doc = "0"]
            pub struct X;
        ),
        docs: vec![lines.clone()],
    };
    (lines, crate::format::format("", draft).unwrap())
}

fn docs_of(file: &str) -> Vec<String> {
    let file = syn::parse_file(file).unwrap();
    let syn::Item::Struct(item) = &file.items[0] else { panic!("an item") };
    let line = |attribute: &syn::Attribute| match &attribute.meta.require_name_value().unwrap().value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value(),
        _ => panic!("a text"),
    };
    item.attrs.iter().map(|attribute| line(attribute).strip_prefix(' ').unwrap_or_default().to_owned()).collect()
}

/// Long runs of special characters cause neither a stack overflow nor excessive growth. With quadratic time, this test
/// would not end.
#[test]
fn hostile_texts_take_bounded_time() {
    for pattern in HOSTILE {
        let text = pattern.repeat(30_000 / pattern.len());
        let lines = lines(&text);
        let length: usize = lines.iter().map(String::len).sum();
        assert!(length < text.len() * 40 + 1000, "{pattern:?} grows to {length}");
    }
}

#[test]
fn long_links_take_bounded_time() {
    let text = format!("[{}](https://x.org)", "\\http://a".repeat(50_000));
    assert_eq!(lines(&text).len(), 1);
}

const HOSTILE: &[&str] = &[
    "[", "]", "[]", "[a](", "![", "](", "[a]", "[[a]](x)", ">", "> ", "> a\n", "*", "**", "*a ", "**a ", "_a ", "~",
    "~~a ", "`", "` ", "`` ` ", "```\n", "~~~\n", "- ", "- a\n", "1. ", "* a\n ", "<", "<a ", "<a href=\"", "<!--",
    "<!-- -->", "<?", "<![CDATA[", "<b>", "<b></b>", "</b>", "<ul><li>", "<li>", "<p>", "<pre>", "<code>",
    "<code></code>", "&", "&amp;", "&a", "\\", "\\\n", "|", "|a", "|-|\n", "a|b\n-|-\n", "\n|", "#", "# ", "# a\n",
    "=\n", "a\n=\n", "\t", "    a\n", "http://", "https://a.", "http://*", "http://)", "<http://", "<https://a.b>",
    "[a]: b\n", "[a]: <\n", "[^a]: b\n", "\r", "\u{2028}", "\u{202e}", "a  \n", "***a*** ", "*_", "<b>a<i>", "<div>\n",
    "\n\n", " ", "- - ", "> - ", "1) ", "[a](<b", "[a](b \"", "!", "![a](https://b.c)", "é", "\u{0}",
];

/// Emphasis that HTML allows and Markdown does not, and the text in it.
const EMPHASIS: &[(&str, &str)] = &[
    ("<b>", ""),
    ("</b>", ""),
    ("<i>", ""),
    ("</i>", ""),
    ("<s>", ""),
    ("</s>", ""),
    ("<code>", ""),
    ("</code>", ""),
    ("<br>", ""),
    (" ", ""),
    ("a", "a"),
    ("b c", "bc"),
    ("\\*", "*"),
    ("\\~", "~"),
    ("\"", "\""),
    (".", "."),
    ("é", "é"),
];

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

/// Returns all visible text, without white space.
fn visible(text: &str) -> String {
    let mut visible = String::new();
    for event in Parser::new_ext(text, options()) {
        if let Event::Text(text) | Event::Code(text) = event {
            visible.extend(text.chars().filter(|c| !c.is_whitespace() && !is_hidden(*c)));
        }
    }
    visible
}

fn has_html(text: &str) -> bool {
    Parser::new_ext(text, options()).any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)))
}

/// Returns `true` if no text is added or dropped on purpose.
fn is_kept(text: &str) -> bool {
    !has_html(text) && !text.contains("[!") && !text.contains("[](") && !text.contains("[ ](")
}

fn soup() -> impl Strategy<Value = String> {
    let word = prop::sample::select(HOSTILE).prop_map(str::to_owned);
    let sense = prop::sample::select(vec![
        "word", "two words", "`code`", "`", "``", "*", "**", "_", "__", "~~", "\n", "\n", "\n\n", " ", "  ", "    ", "\n- ", "\n  - ", "\n1. ", "\n> ", "\n# ", "\n```", "\n```rust\n",
        "\n~~~\n", "<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "<br>", "<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<a href='https://x.org'>", "</a>", "<id>", "<pre>",
        "</pre>", "<h1>", "</h1>", "\n<div>\n", "\n</div>\n", "<!-- x -->", "<!--", "-->", "[x](https://x.org)", "[x](y)", "[x]", "![x](https://x.org/y.png)", "[", "]", "(", ")", "!", "\\",
        "https://x.org/a", "http://", "https://{x}.org", "<https://x.org>", "<a@b.org>", "mailto:a@b", "&lt;", "&amp;", "&", "&nbsp;", "&#32;", "&#10;", "&#x2028;", ";", "|", "\n| a | b |\n| - | - |\n| ", "\n|---|\n", "-", "---", "===", "=", "+",
        "1.", "2)", "#", ">", ":", "\t", "\"", "'", ".", ",", "\u{a0}", "é", "…", "\n[x]: https://y.org\n", "\n[x]: y\n", "[^1]", "\n[^1]: ", "\u{202e}", "\r\n", "[ ]", "\n> [!NOTE]\n> ",
        "word word word word word word word word word word word word word word word word word word word word word word word word ",
    ])
    .prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![1 => word, 6 => sense, 1 => ".{0,4}"], 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_becomes_harmless(text in "\\PC{0,60}|(?s:.{0,60})") {
        let lines = unchecked(&text);
        prop_assert!(check::is_harmless(&lines), "{lines:#?}");
    }

    #[test]
    fn any_markup_becomes_harmless(text in soup()) {
        let lines = unchecked(&text);
        prop_assert!(check::is_harmless(&lines), "{}", lines.join("\n"));
        prop_assert!(lines.iter().all(|line| line.trim_end() == line), "{lines:#?}");
        prop_assert!(lines.first().is_none_or(|line| !line.is_empty()) && lines.last().is_none_or(|line| !line.is_empty()));
    }

    #[test]
    fn prose_needs_no_parser(text in "([A-Za-z][A-Za-z0-9 !\"$%'()+,./:;=?-]{0,60}[\n ]{0,2}){1,4}|[a1. \n:/-]{0,12}") {
        if let Some(lines) = prose(&text) {
            prop_assert_eq!(&lines, &unchecked(&text));
            prop_assert!(check::is_harmless(&lines), "{lines:#?}");
        }
    }

    #[test]
    fn text_stays(text in soup().prop_map(|text| clean::text(&text))) {
        if !is_kept(&text) {
            return Ok(());
        }
        let lines = unchecked(&text).join("\n");
        prop_assert_eq!(visible(&lines), visible(&text), "{}", lines);
    }

    #[test]
    fn delimiters_are_never_text(parts in prop::collection::vec(prop::sample::select(EMPHASIS), 0..24)) {
        let (html, text): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let lines = unchecked(&format!("x{}</b></i></s></code>", html.concat()));
        prop_assert_eq!(visible(&lines.join("\n")), format!("x{}", text.concat()), "{:#?}", lines);
        prop_assert!(check::is_harmless(&lines), "{lines:#?}");
    }

    #[test]
    fn a_second_time_changes_no_text(text in soup()) {
        let once = comment(&text);
        let twice = comment(&once);
        prop_assert_eq!(visible(&once), visible(&twice), "{}\n---\n{}", once, twice);
    }

    #[test]
    fn items_become_harmless(text in soup()) {
        let lines = super::item("`404`", &lines(&text));
        prop_assert!(check::is_harmless(&lines), "{}", lines.join("\n"));
    }

    #[test]
    fn printing_keeps_every_line(text in soup()) {
        let (lines, file) = printed(&text);
        prop_assert_eq!(docs_of(&file), lines);
    }
}

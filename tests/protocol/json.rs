//! The JSON reader and writer, against the grammar, against serde_json, and against anything.

use cognito_vault::protocol::json::{Json, Object};
use proptest::prelude::*;

fn written(value: &Json) -> String {
    let mut out = String::new();
    value.write(&mut out);
    out
}

fn text(value: &str) -> Json {
    Json::Text(value.to_owned())
}

#[test]
fn reads_what_the_grammar_allows() {
    let cases = [
        ("null", Json::Null),
        (" true ", Json::Bool(true)),
        ("\t\r\n false", Json::Bool(false)),
        ("0", Json::Number("0".to_owned())),
        ("-0.5e+3", Json::Number("-0.5e+3".to_owned())),
        ("[]", Json::List(vec![])),
        ("[ 1 , [ ] , {} ]", Json::List(vec![Json::Number("1".to_owned()), Json::List(vec![]), Json::Object(vec![])])),
        (r#"{ "a" : "b" }"#, Json::Object(vec![("a".to_owned(), text("b"))])),
        (r#""\"\\\/\b\f\n\r\t""#, text("\"\\/\u{8}\u{c}\n\r\t")),
        (r#""\u0041\u00fc\u20AC""#, text("Aü€")),
        (r#""\ud83d\uDE00""#, text("😀")),
        (r#""\udbff\udfff""#, text("\u{10ffff}")),
        (r#""\ud800\udc00""#, text("\u{10000}")),
        ("\"😀ü\u{7f}\"", text("😀ü\u{7f}")),
        (r#""\u0000""#, text("\0")),
    ];
    for (source, value) in cases {
        assert_eq!(Json::parse(source), Some(value), "{source}");
    }
}

#[test]
fn refuses_what_the_grammar_does_not() {
    let cases = [
        "",
        " ",
        "nul",
        "nullx",
        "True",
        "{",
        "}",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1 \"b\":2}",
        "'a'",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u+123\"",
        "\"\n\"",
        "\"\u{1f}\"",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        "--1",
        "1e1e1",
        "1.1.1",
        "0x1",
        "NaN",
        "Infinity",
        "1 2",
        "{}{}",
        "\u{feff}{}",
        "<html></html>",
        "\u{a0}1",
        // Halves of a surrogate pair, and pairs that are none.
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\u0041""#,
        r#""\ud83d\ud83d""#,
        r#""\ud800\ue000""#,
        r#""\ud83d\uffff""#,
        r#""\ude00\ud83d""#,
    ];
    for source in cases {
        assert_eq!(Json::parse(source), None, "{source}");
    }
}

#[test]
fn a_depth_bomb_is_refused_and_a_reply_is_not() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(Json::parse(&nested(16)).is_some());
    assert!(Json::parse(&nested(64)).is_none());
    assert!(Json::parse(&nested(1_000_000)).is_none());
    assert!(Json::parse(&"[".repeat(1_000_000)).is_none());
    assert!(Json::parse(&r#"{"a":"#.repeat(1_000_000)).is_none());
}

#[test]
fn of_equal_names_the_last_one_counts() {
    let value = Json::parse(r#"{"a":"first","b":"x","a":"last"}"#).unwrap();
    assert_eq!(value.text("a"), Some("last"));
    assert_eq!(value.text("A"), None);
    assert_eq!(Json::Null.member("a"), None);
    assert_eq!(Json::parse("[1]").unwrap().member("a"), None);
}

#[test]
fn a_member_of_another_type_is_no_member() {
    let value = Json::parse(r#"{"t":"1","n":1,"z":null,"o":{"x":"1","y":2,"z":"3"},"l":["a"]}"#).unwrap();
    assert_eq!((value.text("n"), value.text("z"), value.text("o")), (None, None, None));
    assert_eq!((value.integer("t"), value.integer("z")), (None, None));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(value.member("o").unwrap().texts(), [pair("x", "1"), pair("z", "3")]);
    assert!(value.member("l").unwrap().texts().is_empty());
    assert_eq!(value.member("l").unwrap().list(), [text("a")]);
    assert!(value.list().is_empty());
}

#[test]
fn seconds_are_read_however_they_are_written() {
    let cases = [
        ("0", Some(0)),
        ("1732190000", Some(1_732_190_000)),
        ("0E-2", Some(0)),
        ("-5e-3", Some(0)),
        ("1732190000.123", Some(1_732_190_000)),
        ("1732190000.999", Some(1_732_190_000)),
        ("1.73219E9", Some(1_732_190_000)),
        ("1.73E9", Some(1_730_000_000)),
        ("1.732190000123e+9", Some(1_732_190_000)),
        ("17321900001e-1", Some(1_732_190_000)),
        ("5e-1", Some(0)),
        ("5e-9", Some(0)),
        ("0.001", Some(0)),
        ("-1.5", Some(-1)),
        ("-0.5", Some(0)),
        ("-25e2", Some(-2500)),
        ("9223372036854775807", Some(i64::MAX)),
        ("9223372036854775808", None),
        ("1e19", None),
        ("1e127", None),
        ("1e128", None),
        ("1e999999999999999999999", None),
    ];
    for (number, whole) in cases {
        let value = Json::parse(&format!(r#"{{"n":{number}}}"#)).unwrap();
        assert_eq!(value.integer("n"), whole, "{number}");
    }
}

#[test]
fn what_has_to_be_escaped_is() {
    let all: String = (0..0x80_u8).map(char::from).chain(['ü', '\u{2028}', '😀', '\u{10ffff}']).collect();
    let object = Object::new().text(&all, &all).finish();
    let read: serde_json::Value = serde_json::from_str(object.expose()).unwrap();
    assert_eq!(read[&all], serde_json::json!(all));
    assert_eq!(Object::new().text("\"", "\u{1}\u{1f}\n").finish().expose(), r#"{"\"":"\u0001\u001f\u000a"}"#);
}

#[test]
fn an_object_leaves_out_what_is_empty() {
    let mut one = [("", "")].into_iter();
    let object = Object::new().texts("a", &mut std::iter::empty()).attributes("b", &[]).optional("x", None);
    let object = object.text("c", "").texts("d", &mut one);
    assert_eq!(object.finish().expose(), r#"{"c":"","d":{"":""}}"#);
    assert_eq!(Object::default().finish().expose(), "{}");
    assert_eq!(format!("{:?}", Object::new().text("a", "secret").finish()), "[redacted]");
}

#[test]
fn an_object_is_written_member_by_member() {
    let list = ["b\"".to_owned(), String::new()];
    let object = Object::new()
        .optional("a", Some("1"))
        .flag("b", true)
        .flag("c", false)
        .integer("d", 0)
        .integer("e", 10)
        .integer("f", u32::MAX)
        .object("g", Object::new())
        .object("h", Object::new().text("i", "j"))
        .list("k", &[])
        .list("l", &list)
        .attributes("m", &[("n".to_owned(), "o".to_owned()), ("p".to_owned(), String::new())]);
    let expected = r#"{"a":"1","b":true,"c":false,"d":0,"e":10,"f":4294967295,"g":{},"h":{"i":"j"},"k":[],"l":["b\"",""],"m":[{"Name":"n","Value":"o"},{"Name":"p","Value":""}]}"#;
    assert_eq!(object.finish().expose(), expected);
}

#[test]
fn a_member_is_taken_once() {
    let mut value = Json::parse(r#"{"a":"first","b":"x","a":"last"}"#).unwrap();
    assert_eq!((value.take("a"), value.take("a"), value.take("c")), (text("last"), Json::Null, Json::Null));
    assert_eq!(value.text("b"), Some("x"));
    assert_eq!(Json::List(vec![]).take("a"), Json::Null);
}

fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_filter_map("finite", |value| serde_json::Number::from_f64(value).map(Into::into)),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comes_back_as_it_went(value in any_value(), pretty in any::<bool>()) {
        let source = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let ours = Json::parse(&source).unwrap();
        prop_assert_eq!(Json::parse(&written(&ours)), Some(ours.clone()));
        let theirs = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        prop_assert_eq!(theirs(&written(&ours)), theirs(&source));
    }

    #[test]
    fn any_text_is_read_or_refused(source in any::<String>()) {
        prop_assert_eq!(Json::parse(&source).is_some(), serde_json::from_str::<serde_json::Value>(&source).is_ok());
    }

    #[test]
    fn text_that_looks_like_json_is_read_or_refused(source in r#"[\[\]{}:, "\\untrfalse0-9.eE+\-dD]{0,24}"#) {
        if let Some(value) = Json::parse(&source) {
            prop_assert_eq!(Json::parse(&written(&value)), Some(value));
        }
        // serde_json also refuses a number whose value is beyond a double; the reader keeps it as written.
        let known = serde_json::from_str::<serde_json::Value>(&source);
        let beyond = known.as_ref().is_err_and(|error| error.to_string().starts_with("number out of range"));
        prop_assert!(beyond || Json::parse(&source).is_some() == known.is_ok(), "{}", source);
    }

    #[test]
    fn any_number_has_a_whole_part_or_none(number in "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?") {
        let value = Json::parse(&format!(r#"{{"n":{number}}}"#)).unwrap();
        let double: f64 = number.parse().unwrap();
        match value.integer("n") {
            // Both are cut towards zero; a double has 53 bits.
            Some(whole) if double.abs() < 9e15 => prop_assert_eq!(whole.to_string(), format!("{:.0}", double.trunc() + 0.0)),
            Some(_) => prop_assert!(double.abs() < 1e19),
            None => prop_assert!(double.abs() > 9e18),
        }
    }
}

//! The JSON reader and writer, against the grammar, against serde_json, and against anything.

use cognito_vault::protocol::json::{Json, Object};
use cognito_vault::text::Text;
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn reads_what_the_grammar_allows() {
    let sources = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.5e+3",
        "1E5",
        "10.01",
        "[]",
        "[ 1 , [ ] , {} ]",
        r#"{ "a" : "b" }"#,
        "{}",
        r#""\"\\\/\b\f\n\r\t\u0000\uD83D\ude00""#,
        "\"😀ü\u{7f}\"",
    ];
    for source in sources {
        assert_eq!(Json::parse(source).map(Json::as_written), Some(source));
        let padded = format!("\t\r\n {source} \n");
        assert_eq!(Json::parse(&padded).map(Json::as_written), Some(source));
    }
}

#[test]
fn strings_are_freed_of_their_escapes() {
    let cases = [
        (r#""""#, ""),
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0041\u00fc\u20AC\u0000""#, "Aü€\0"),
        (r#""\ud83d\uDE00""#, "😀"),
        (r#""a\ud83d\ude00b\ud83d\ude01""#, "a😀b😁"),
        (r#""\udbff\udfff\ud800\udc00""#, "\u{10ffff}\u{10000}"),
        (r#""\"""#, "\""),
        (r#""\\""#, "\\"),
        // Halves of a surrogate pair, and pairs that are none.
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ude00""#, "\u{fffd}"),
        (r#""\ud83dx\ude00""#, "\u{fffd}x\u{fffd}"),
        (r#""\ud83d\n\ude00""#, "\u{fffd}\n\u{fffd}"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (r#""\ud800\ue000""#, "\u{fffd}\u{e000}"),
        (r#""\ud83d\uffff""#, "\u{fffd}\u{ffff}"),
        (r#""\ud83d\ude00\ude00""#, "😀\u{fffd}"),
    ];
    for (source, text) in cases {
        assert_eq!(Json::parse(source).unwrap().string().as_deref(), Some(text), "{source}");
    }
    for source in ["null", "7", "[]", "{}", r#"["a"]"#] {
        assert_eq!(Json::parse(source).unwrap().string(), None, "{source}");
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
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[,]",
        "[1 2]",
        "[1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":1",
        "{\"a\":1]",
        "{a:1}",
        "{1:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\" 1}",
        "'a'",
        "\"a",
        "\"",
        "\"\\",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u+123\"",
        "\"\\u00ü\"",
        "\"\\ü\"",
        "\"\n\"",
        "\"\u{1f}\"",
        "01",
        "-01",
        "00",
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
        "ü",
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
    let value = Json::parse(r#"{"a":"first","b":{"a":"inner"},"\u0061":"last","c":["a"]}"#).unwrap();
    assert_eq!(value.text("a").as_deref(), Some("last"));
    assert_eq!(value.text("A"), None);
    assert_eq!(Json::NULL.member("a"), None);
    assert_eq!(Json::parse(r#"["a"]"#).unwrap().member("a"), None);
    assert_eq!(Json::parse("[1]").unwrap().member(""), None);
}

#[test]
fn a_member_of_another_type_is_no_member() {
    let value = Json::parse(r#"{"t":"1","n":1,"z":null,"o":{"x":"1","y":2,"\u007a":"3"},"l":["a",1,"b"]}"#).unwrap();
    assert_eq!((value.text("n"), value.text("z"), value.text("o")), (None, None, None));
    assert_eq!((value.integer("t"), value.integer("z"), value.integer("o")), (None, None, None));
    let list = value.member("l").unwrap();
    assert_eq!(["a", "b", "1", "l", ""].map(|text| list.has(text)), [true, true, false, false, false]);
    assert!(!value.member("t").unwrap().has("1"));
    let lists = |written| Json::read(written).lists();
    assert_eq!([r#"["a"]"#, r#"[1,""]"#].map(lists), [true, true]);
    assert_eq!(["[]", "[ ]", "[1]", "null", r#""a""#, r#"{"a":"b"}"#, "[", ""].map(lists), [false; 8]);
    assert!(value.is_object() && !Json::parse("[]").unwrap().is_object());
}

#[test]
fn the_whole_part_of_a_number_is_read() {
    let cases = [
        ("0", Some(0)),
        ("-0", Some(0)),
        ("1732190000", Some(1_732_190_000)),
        ("1732190000.123", Some(1_732_190_000)),
        ("1732190000.999", Some(1_732_190_000)),
        ("0.001", Some(0)),
        ("-1.5", Some(-1)),
        ("-0.5", Some(0)),
        ("9223372036854775807", Some(i64::MAX)),
        ("9223372036854775807.9", Some(i64::MAX)),
        ("9223372036854775808", None),
        ("92233720368547758070", None),
        ("1.73219E9", None),
        ("17321900001e-1", None),
        ("5e+0", None),
        ("1e999999999999999999999", None),
    ];
    for (number, whole) in cases {
        let source = format!(r#"{{"n":{number}}}"#);
        assert_eq!(Json::parse(&source).unwrap().integer("n"), whole, "{number}");
    }
}

#[test]
fn what_has_to_be_escaped_is() {
    let all: String = (0..0x80_u8).map(char::from).chain(['ü', '\u{2028}', '😀', '\u{10ffff}']).collect();
    let mut object = Object::new();
    object.text(&all, &all);
    let object = object.finish();
    let read: Value = serde_json::from_str(object.expose()).unwrap();
    assert_eq!(read[&all], serde_json::json!(all));
    let mut controls = Object::new();
    controls.text("\"", "\u{1}\u{1f}\n");
    assert_eq!(controls.end(), r#"{"\"":"\u0001\u001f\u000a"}"#);
}

#[test]
fn an_object_leaves_out_what_is_empty() {
    let mut object = Object::new();
    object.optional("a", None).optional_raw("b", None).text("c", "");
    assert_eq!(object.finish().expose(), r#"{"c":""}"#);
    assert_eq!(Object::default().finish().expose(), "{}");
    let mut object = Object::new();
    object.text("a", "secret");
    assert_eq!(format!("{object:?} {:?}", Object::new().finish()), "[redacted] [redacted]");
}

#[test]
fn an_object_is_written_member_by_member() {
    let mut object = Object::new();
    object.optional("a", Some("1")).raw("b", "true").integer("d", 0).integer("e", 10).integer("f", u32::MAX);
    object.raw("h", r#"{"i":"j","k":"l"}"#);
    let expected = r#"{"a":"1","b":true,"d":0,"e":10,"f":4294967295,"h":{"i":"j","k":"l"}}"#;
    assert_eq!(object.end(), expected);
}

/// Whether the reader sees in `json` what serde_json sees in `value`.
fn same(json: Json<'_>, value: &Value) -> bool {
    let mut parts = Vec::new();
    json.each(&mut |name, part| parts.push((Json::parse(name).and_then(Json::string), part)));
    match value {
        Value::String(text) => parts.is_empty() && json.string().as_deref() == Some(text.as_str()),
        Value::Array(values) => {
            parts.len() == values.len()
                && parts.iter().zip(values).all(|((name, part), value)| name.is_none() && same(*part, value))
        }
        Value::Object(members) => {
            json.is_object()
                && members.iter().all(|(name, value)| json.member(name).is_some_and(|part| same(part, value)))
                && parts.iter().all(|(name, _)| name.as_ref().is_some_and(|name| members.contains_key(&**name)))
        }
        _ => parts.is_empty() && serde_json::from_str::<Value>(json.as_written()).unwrap() == *value,
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_filter_map("finite", |value| serde_json::Number::from_f64(value).map(Into::into)),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_that_is_written_is_seen(value in any_value(), pretty in any::<bool>()) {
        let source = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        // A double does not always come back as it went, so both readers read the text.
        prop_assert!(same(Json::parse(&source).unwrap(), &serde_json::from_str(&source).unwrap()));
    }

    #[test]
    fn everything_that_we_write_is_seen(names in prop::collection::vec(any::<(String, String)>(), 0..5)) {
        let mut object = Object::new();
        for (name, value) in &names {
            object.text(name, value);
        }
        let source = object.end();
        prop_assert!(same(Json::parse(&source).unwrap(), &serde_json::from_str(&source).unwrap()));
        let mut read = Vec::new();
        Json::parse(&source).unwrap().each(&mut |name, value| {
            read.push((Json::parse(name).and_then(Json::string).unwrap(), value.string().unwrap()));
        });
        let names: Vec<(Text, Text)> = names.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        prop_assert_eq!(read, names);
    }

    #[test]
    fn any_text_is_read_or_refused(source in any::<String>()) {
        prop_assert_eq!(Json::parse(&source).is_some(), serde_json::from_str::<Value>(&source).is_ok());
    }

    #[test]
    fn text_that_looks_like_json_is_read_or_refused(source in r#"[\[\]{}:, "\\untrfalse0-9.eE+\-dD]{0,24}"#) {
        let ours = Json::parse(&source);
        match serde_json::from_str::<Value>(&source) {
            Ok(value) => prop_assert!(ours.is_some_and(|json| same(json, &value)), "{}", source),
            // The reader keeps a number that is beyond a double, and half of a surrogate pair, and nothing else.
            Err(error) => {
                let why = error.to_string();
                let lenient = ["number out of range", "lone leading surrogate", "unexpected end of hex escape"];
                prop_assert!(ours.is_none() || lenient.iter().any(|lenient| why.starts_with(lenient)), "{} {}", source, why);
            }
        }
    }

    #[test]
    fn any_number_has_a_whole_part_or_none(number in "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?") {
        let source = format!(r#"{{"n":{number}}}"#);
        let double: f64 = number.parse().unwrap();
        match Json::parse(&source).unwrap().integer("n") {
            // Both are cut towards zero; a double has 53 bits.
            Some(whole) if double.abs() < 9e15 => prop_assert_eq!(whole.to_string(), format!("{:.0}", double.trunc() + 0.0)),
            Some(_) => prop_assert!(double.abs() < 1e19),
            None => prop_assert!(number.contains(['e', 'E'])),
        }
    }
}

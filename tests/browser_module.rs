//! The module that the package ships, in a browser: the clock and the randomness that it takes from there, and what crosses.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a fault of a test ends it")]
#![allow(clippy::as_conversions, reason = "an address crosses as a float")]

use js_sys::{Array, ArrayBuffer, Date, Function, Object, Promise, Reflect, Uint8Array, WebAssembly, global};
use serde_json::{Value, json};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Where the runner serves it.
const MODULE: &str = "/target/package/dist/cognito_vault.wasm";
/// 2018-07-10 11:01 UTC, in milliseconds since 1970.
const JULY: f64 = 1_531_220_460_000.0;

/// What a module takes from its platform.
type Platform = (Closure<dyn Fn() -> f64>, Closure<dyn Fn(usize, usize)>);

/// A vault of the shipped module, asked as its edge asks it.
struct Vault {
    exports: Object,
    address: f64,
    _platform: Platform,
}

impl Vault {
    /// `now` is its clock, and `entropy` draws so many bytes.
    async fn open(now: impl Fn() -> f64 + 'static, entropy: impl Fn(usize) -> Vec<u8> + 'static) -> Self {
        let exports = Rc::new(Cell::new(Object::new()));
        let given = exports.clone();
        let fill = move |at: usize, size: usize| {
            let exports = given.take();
            memory(&exports)
                .subarray(at.try_into().unwrap(), (at + size).try_into().unwrap())
                .copy_from(&entropy(size));
            given.set(exports);
        };
        let platform: Platform = (Closure::new(now), Closure::new(fill));
        let edge = object(&[("now", platform.0.as_ref()), ("entropy", platform.1.as_ref())]);
        let imports = object(&[("edge", edge.as_ref())]);
        let made = waited(WebAssembly::instantiate_buffer(&shipped().await.to_vec(), &imports)).await;
        let own: Object = member(&member(&made, "instance"), "exports").unchecked_into();
        exports.set(own.clone());
        let mut vault = Self { exports: own, address: 0.0, _platform: platform };
        let config = "eu-west-1_myPool\0client\0https://pool.example.com/\0https://pool.example.com/keys";
        let (from, size) = vault.write(config.as_bytes());
        vault.address = vault.call("vault", &[from, size]);
        vault
    }

    /// What the edge is to do after this message.
    fn enter(&self, number: u32, message: &str, password: &str) -> Vec<Value> {
        let (from, size) = self.write(&[message.as_bytes(), password.as_bytes()].concat());
        let length = u32::try_from(message.len()).unwrap();
        let at = self.call("enter", &[self.address, number.into(), from, size, length.into()]);
        let answer = memory(&self.exports).to_vec();
        let asked = answer.into_iter().skip(at as usize).take_while(|byte| *byte != 0).collect();
        serde_json::from_str(&String::from_utf8(asked).unwrap()).unwrap()
    }

    /// Signs in until the request is to be sent: its ticket, its operation and its body.
    fn begin(&self, username: &str, password: &str) -> (u32, String, Value) {
        let asked = self.enter(1, &format!("signIn\0{username}"), password);
        let [device] = &asked[..] else { panic!("{asked:?}") };
        assert_eq!((&device[0], &device[2]), (&json!("device"), &json!(username)));
        sent(&self.enter(ticket(device), &reply(404, &Value::Null), ""))
    }

    fn call(&self, name: &str, arguments: &[f64]) -> f64 {
        let export: Function = member(&self.exports, name).unchecked_into();
        let arguments: Array = arguments.iter().copied().map(JsValue::from).collect();
        export.apply(&JsValue::UNDEFINED, &arguments).unwrap().as_f64().unwrap()
    }

    fn write(&self, bytes: &[u8]) -> (f64, f64) {
        let size = u32::try_from(bytes.len()).unwrap();
        let from = self.call("room", &[size.into()]);
        memory(&self.exports).subarray(from as u32, from as u32 + size).copy_from(bytes);
        (from, size.into())
    }

    fn holds(&self, text: &str) -> bool {
        memory(&self.exports).to_vec().windows(text.len()).any(|bytes| bytes == text.as_bytes())
    }
}

async fn shipped() -> Uint8Array {
    let fetch: Function = member(&global(), "fetch").unchecked_into();
    let response = waited(fetch.call1(&JsValue::UNDEFINED, &MODULE.into()).unwrap().unchecked_into()).await;
    assert_eq!(member(&response, "status"), 200.0);
    let read: Function = member(&response, "arrayBuffer").unchecked_into();
    Uint8Array::new(&waited(read.call0(&response).unwrap().unchecked_into()).await)
}

async fn waited(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.unwrap()
}

/// The buffer is another one after the memory has grown.
fn memory(exports: &Object) -> Uint8Array {
    let memory: WebAssembly::Memory = member(exports, "memory").unchecked_into();
    Uint8Array::new(&memory.buffer().unchecked_into::<ArrayBuffer>())
}

fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn object(members: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object
}

fn ticket(asked: &Value) -> u32 {
    asked[1].as_u64().unwrap().try_into().unwrap()
}

/// The only thing that is asked: a request.
fn sent(asked: &[Value]) -> (u32, String, Value) {
    let [request] = asked else { panic!("{asked:?}") };
    assert_eq!((&request[0], &request[2]), (&json!("send"), &json!("https://pool.example.com/")));
    (
        ticket(request),
        request[3].as_str().unwrap().to_owned(),
        serde_json::from_str(request[4].as_str().unwrap()).unwrap(),
    )
}

/// The service's question for the password, of a vector.
fn question(vector: &Value) -> String {
    let text = |name: &str| vector["inputs"][name].as_str().unwrap();
    let parameters = json!({
        "USER_ID_FOR_SRP": text("user_id_for_srp"), "USERNAME": text("user_id_for_srp"),
        "SALT": text("salt"), "SRP_B": text("B"), "SECRET_BLOCK": text("secret_block"),
    });
    let body =
        json!({ "ChallengeName": "PASSWORD_VERIFIER", "Session": "s".repeat(20), "ChallengeParameters": parameters });
    reply(200, &body)
}

/// What has become of a ticket.
fn reply(status: u16, body: &Value) -> String {
    format!("\0\0{status}\0\0\0\0\0{body}")
}

fn vector(id: &str) -> Value {
    let file: Value = serde_json::from_str(include_str!("vectors/published.json")).unwrap();
    file["vectors"].as_array().unwrap().iter().find(|vector| vector["id"] == id).unwrap().clone()
}

#[wasm_bindgen_test]
async fn its_proof_is_the_one_that_another_implementation_has_published() {
    let known = vector("go-alexrudd-signature");
    let a = u32::from_str_radix(known["inputs"]["a"].as_str().unwrap(), 16).unwrap();
    let draw = move |size: usize| [vec![0; size - 4], a.to_be_bytes().to_vec()].concat();
    let vault = Vault::open(|| JULY, draw).await;
    let (ticket, operation, body) = vault.begin("test", "test");
    assert_eq!((operation.as_str(), &body["AuthParameters"]["SRP_A"]), ("InitiateAuth", &known["expected"]["A"]));
    let (_, operation, body) = sent(&vault.enter(ticket, &question(&known), ""));
    let responses = &body["ChallengeResponses"];
    assert_eq!(operation, "RespondToAuthChallenge");
    assert_eq!(responses["TIMESTAMP"], known["inputs"]["timestamp"]);
    assert_eq!(responses["PASSWORD_CLAIM_SIGNATURE"], known["expected"]["signature"]);
}

#[wasm_bindgen_test]
async fn its_clock_and_its_randomness_are_the_browsers() {
    let crypto = member(&global(), "crypto");
    let draw = move |size: usize| {
        let bytes = Uint8Array::new_with_length(size.try_into().unwrap());
        let random: Function = member(&crypto, "getRandomValues").unchecked_into();
        random.call1(&crypto, &bytes).unwrap();
        bytes.to_vec()
    };
    let (one, other) = (Vault::open(Date::now, draw.clone()).await, Vault::open(Date::now, draw).await);
    let [(ticket, _, first), (_, _, second)] = [&one, &other].map(|vault| vault.begin("test", "Lovelace-1815"));
    assert_ne!(first["AuthParameters"]["SRP_A"], second["AuthParameters"]["SRP_A"]);
    assert!(one.holds("Lovelace-1815"), "it is still needed");
    let before = Date::now();
    let (ticket, _, body) = sent(&one.enter(ticket, &question(&vector("go-alexrudd-signature")), ""));
    let said = Date::parse(body["ChallengeResponses"]["TIMESTAMP"].as_str().unwrap());
    assert!(said > before - 1000.0 && said <= Date::now(), "{said} at {before}");
    let refusal = json!({ "__type": "NotAuthorizedException", "message": "Incorrect username or password." });
    let asked = one.enter(ticket, &reply(400, &refusal), "");
    let [failed] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((&failed[0], &failed[4]), (&json!("fail"), &json!("NotAuthorized")));
    assert!(!one.holds("Lovelace-1815"), "it is wiped with the sign-in");
}

#[wasm_bindgen_test]
async fn what_crosses_in_a_wrong_form_is_refused_and_ends_nothing() {
    let vault = Vault::open(|| JULY, |size| vec![7; size]).await;
    for (message, code) in [
        ("free", "InvalidState"),
        ("signUp", "InvalidParameter"),
        ("answer\0-1", "InvalidState"),
        ("answer\0one", "InvalidState"),
        ("fetch\0https://pool.example.com", "OriginNotAllowed"),
        ("importSession\0one\0two\0three", "InvalidToken"),
        ("refresh", "NotSignedIn"),
    ] {
        let asked = vault.enter(5, message, "");
        let [failed] = &asked[..] else { panic!("{message}: {asked:?}") };
        assert_eq!((&failed[0], &failed[1], &failed[4]), (&json!("fail"), &json!(5), &json!(code)), "{message}");
    }
    for nothing in ["", "\0", "\0Network", "\0\0\0\0\0\0\0a\0b"] {
        assert_eq!(vault.enter(9, nothing, ""), Vec::<Value>::new(), "{nothing}");
    }
    assert_eq!(vault.begin("test", "x").1, "InitiateAuth");
}

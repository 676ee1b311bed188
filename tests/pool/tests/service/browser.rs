//! A browser of the tests: it keeps cookies, follows redirects within the pool, and fills in forms.

use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cognito_pool::CLIENT_ID;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{cell::RefCell, collections::BTreeMap};

use crate::support::{Answer, PASSWORD, Pool};

pub const CALLBACK: &str = "http://127.0.0.1:4173/callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// RFC 7636, appendix B.
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub struct Browser<'a> {
    pool: &'a Pool,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// What stands in the address bar after a redirect out of the pool, and what the query there says.
pub struct Landing {
    pub address: String,
    pub query: BTreeMap<String, String>,
}

impl Landing {
    pub fn of(address: &str) -> Self {
        let query = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let query = pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect();
        Self { address: address.to_owned(), query }
    }

    #[track_caller]
    pub fn get(&self, name: &str) -> &str {
        self.query.get(name).unwrap_or_else(|| panic!("no {name} in {}", self.address))
    }

    /// Whether this is the callback with an error of this name.
    #[track_caller]
    pub fn refused(&self, error: &str) {
        assert_eq!(self.get("error"), error, "{}", self.address);
        assert!(self.address.starts_with(CALLBACK) && !self.query.contains_key("code"));
        assert!(!self.get("error_description").is_empty());
    }
}

impl<'a> Browser<'a> {
    pub fn new(pool: &'a Pool) -> Self {
        Self { pool, cookies: RefCell::default() }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    fn send(&self, request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = self.pool.send(request.header("cookie", cookies.join("; ")).body(Body::from(body)).unwrap());
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            assert!(set.contains("; HttpOnly; SameSite=Lax"), "{set}");
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if set.ends_with("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
        answer
    }

    /// One GET, no redirect followed.
    pub fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), String::new())
    }

    /// A GET, followed through the pool's own redirects.
    pub fn go(&self, path: &str) -> Answer {
        self.follow(self.get(path))
    }

    fn follow(&self, mut answer: Answer) -> Answer {
        while let Some(path) = answer.header("location").filter(|location| location.starts_with('/')) {
            answer = self.get(path);
        }
        answer
    }

    /// Fills in a page's form that goes to `path`, hidden fields as they are.
    #[track_caller]
    pub fn submit(&self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let html = page.text();
        let form = html
            .split("<form method=\"post\" action=\"")
            .skip(1)
            .find(|form| form.starts_with(path))
            .unwrap_or_else(|| panic!("no form to {path} in {html}"));
        let action = unescaped(form.split('"').next().unwrap());
        let inner = form.split("</form>").next().unwrap();
        let mut pairs: BTreeMap<String, String> = BTreeMap::new();
        for input in inner.split("<input ").skip(1) {
            let attribute = |name: &str| {
                let (_, rest) = input.split_once(&format!("{name}=\""))?;
                Some(unescaped(rest.split('"').next()?))
            };
            pairs.insert(attribute("name").unwrap(), attribute("value").unwrap_or_default());
        }
        for (name, value) in fields {
            pairs.insert((*name).to_owned(), (*value).to_owned());
        }
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&action, &pairs)
    }

    pub fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.follow(self.send(request, query(pairs)))
    }

    /// From /oauth2/authorize to the callback with name and password.
    #[track_caller]
    pub fn sign_in(&self, changes: &[(&str, &str)]) -> Landing {
        let page = self.go(&authorize(changes));
        self.submit(&page, "/login?", &[("username", "ada"), ("password", PASSWORD)]).landing()
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// Where a redirect out of the pool leads.
    #[track_caller]
    pub fn landing(&self) -> Landing {
        let location = self.header("location");
        Landing::of(location.unwrap_or_else(|| panic!("{} {}", self.status, self.text())))
    }

    /// A page with this message, which leads nowhere.
    #[track_caller]
    pub fn says(&self, message: &str) {
        assert_eq!(self.header("location"), None);
        let text = self.text();
        assert!(text.contains(&format!("<p role=\"alert\">{message}</p>")), "{text}");
    }

    /// An error page of the pool itself.
    #[track_caller]
    pub fn is_fault(&self, error: &str) {
        assert_eq!((self.status, self.header("location")), (400, None));
        let text = self.text();
        assert!(text.contains(&format!("<h1>{error}</h1>")), "{text}");
    }

    /// Name of an error of the OAuth endpoints.
    #[track_caller]
    pub fn wrong(&self, error: &str) {
        assert_eq!((self.status, &self.json()["error"]), (400, &Value::from(error)), "{}", self.json());
        assert_eq!(self.header("access-control-allow-origin"), Some("*"));
    }
}

/// The address of a good request; `changes` replace parameters, an empty value removes one.
pub fn authorize(changes: &[(&str, &str)]) -> String {
    asking("/oauth2/authorize", changes)
}

pub fn asking(path: &str, changes: &[(&str, &str)]) -> String {
    let mut pairs = BTreeMap::from([
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", CALLBACK),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "St-4_te"),
    ]);
    pairs.extend(changes.iter().copied());
    pairs.retain(|_, value| !value.is_empty());
    format!("{path}?{}", query(&pairs.into_iter().collect::<Vec<_>>()))
}

pub fn query(pairs: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        let letter = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            byte => format!("%{byte:02x}"),
        };
        text.bytes().map(letter).collect()
    };
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).unwrap()
}

fn unescaped(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// POST to one of the endpoints for tokens.
pub fn post(pool: &Pool, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let pairs: Vec<_> = pairs.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    pool.send(request.body(Body::from(query(&pairs))).unwrap())
}

/// Exchanges a code; `changes` replace parameters, an empty value removes one.
pub fn exchange(pool: &Pool, code: &str, changes: &[(&str, &str)]) -> Answer {
    let mut pairs = BTreeMap::from([
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]);
    pairs.extend(changes.iter().copied());
    post(pool, "/oauth2/token", &pairs.into_iter().collect::<Vec<_>>())
}

/// The tokens of ada by the whole course.
#[track_caller]
pub fn hosted_tokens(pool: &Pool, changes: &[(&str, &str)]) -> Value {
    let landing = Browser::new(pool).sign_in(changes);
    exchange(pool, landing.get("code"), &[]).ok()
}

pub fn refresh(pool: &Pool, token: &Value, changes: &[(&str, &str)]) -> Answer {
    let mut pairs = BTreeMap::from([
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT_ID),
        ("refresh_token", token.as_str().unwrap()),
    ]);
    pairs.extend(changes.iter().copied());
    post(pool, "/oauth2/token", &pairs.into_iter().collect::<Vec<_>>())
}

pub fn user_info(pool: &Pool, access: &str) -> Answer {
    let request = Request::get("/oauth2/userInfo").header("authorization", format!("Bearer {access}"));
    pool.send(request.body(Body::empty()).unwrap())
}

/// The hash of a text in base64url, cut to its first `bytes`.
pub fn hashed(text: &str, bytes: usize) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..bytes])
}

/// Another client of the pool, for the hosted pages.
pub const OTHER: &str = "2other3client4of5the6pages";

pub fn add_other_client(pool: &Pool) {
    pool.set(serde_json::json!({ "hosted": { "clients": { OTHER: { "callbackUrls": [CALLBACK] } } } }));
}

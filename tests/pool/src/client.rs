//! A client of the hosted pages: where it may be sent back to, what it may ask for, and whose users it takes.

use serde::{Deserialize, Serialize};

use crate::hosted::{outside, scope};

/// Where the demo is when it is served on its own port.
const DEMO: [&str; 2] = ["http://127.0.0.1:4173", "http://localhost:4173"];
/// Hosts that need no TLS.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// One client.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Client {
    /// What `redirect_uri` may be, letter by letter.
    pub callback_urls: Vec<String>,
    /// What `logout_uri` may be, letter by letter.
    pub logout_urls: Vec<String>,
    /// The scopes that it may ask for, and gets if it asks for none.
    pub scopes: Vec<String>,
    /// `COGNITO` for the pool's own users, and the outside identity providers.
    pub providers: Vec<String>,
}

impl Default for Client {
    fn default() -> Self {
        let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            callback_urls: Vec::new(),
            logout_urls: Vec::new(),
            scopes: texts(&scope::ALL),
            providers: texts(&[outside::OWN, outside::AGREEING, outside::REFUSING]),
        }
    }
}

impl Client {
    /// The client of the demo.
    pub fn of_the_demo() -> Self {
        Self {
            callback_urls: DEMO.iter().map(|site| format!("{site}/callback")).collect(),
            logout_urls: DEMO.iter().map(|site| format!("{site}/")).collect(),
            ..Self::default()
        }
    }

    /// Refuses addresses, scopes and providers that cannot be registered.
    ///
    /// # Errors
    /// The reason in words.
    pub fn check(&self) -> Result<(), String> {
        let mut urls = self.callback_urls.iter().chain(&self.logout_urls);
        if let Some(url) = urls.find(|url| !can_be_registered(url)) {
            return Err(format!(
                "{url} cannot be registered: https, http on this machine or a scheme of one's own, no fragment"
            ));
        }
        if let Some(scope) = self.scopes.iter().find(|scope| !scope::ALL.contains(&scope.as_str())) {
            return Err(format!("{scope} is not a scope"));
        }
        match self.providers.iter().find(|name| *name != outside::OWN && outside::of_name(name).is_none()) {
            Some(provider) => Err(format!("{provider} is not an identity provider")),
            None => Ok(()),
        }
    }
}

/// Whether an address is absolute, has no fragment, and is https, http on a loopback host, or of a scheme of one's own.
pub fn can_be_registered(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else {
        return false;
    };
    let well_formed = scheme.starts_with(|letter: char| letter.is_ascii_lowercase())
        && scheme
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "+-.".contains(letter))
        && !url.contains('#')
        && url.chars().all(|letter| letter.is_ascii_graphic());
    let host = rest.strip_prefix("//").map(|rest| {
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let port = authority.rfind(':').filter(|at| !authority.get(*at..).unwrap_or_default().contains(']'));
        authority.get(..port.unwrap_or(authority.len())).unwrap_or_default()
    });
    well_formed
        && match scheme {
            "https" => host.is_some_and(|host| !host.is_empty()),
            "http" => host.is_some_and(|host| LOOPBACK.contains(&host)),
            "javascript" | "data" | "blob" | "file" | "about" => false,
            _ => !rest.is_empty(),
        }
}

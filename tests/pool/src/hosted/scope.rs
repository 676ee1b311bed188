//! Scopes: what a client may ask for, and what of a user they show.

use crate::tokens::SCOPE;

/// Every scope that there is.
pub const ALL: [&str; 5] = ["openid", "email", "phone", "profile", SCOPE];
/// Those that narrow what `openid` shows, and mean nothing without it.
const OF_OPENID: [&str; 3] = ["email", "phone", "profile"];

/// Whether a scope is among those of a text.
pub fn holds(scopes: &str, scope: &str) -> bool {
    scopes.split(' ').any(|one| one == scope)
}

/// What is granted to one who asks for `asked` and may have `allowed`; none if that is more than allowed, or makes no sense.
pub fn granted(asked: Option<&str>, allowed: &[String]) -> Option<String> {
    let Some(asked) = asked else {
        return Some(allowed.join(" "));
    };
    let mut granted: Vec<&str> = Vec::new();
    for scope in asked.split(' ') {
        if !allowed.iter().any(|one| one == scope) {
            return None;
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    let needs_openid = granted.iter().any(|scope| OF_OPENID.contains(scope));
    (!needs_openid || granted.contains(&"openid")).then(|| granted.join(" "))
}

/// Whether these scopes show an attribute: `openid` alone shows all, beside others only what those are for.
pub fn shows(scopes: &str, attribute: &str) -> bool {
    let everything = !OF_OPENID.iter().any(|scope| holds(scopes, scope)) || holds(scopes, "profile");
    everything
        || match attribute {
            "email" | "email_verified" => holds(scopes, "email"),
            "phone_number" | "phone_number_verified" => holds(scopes, "phone"),
            attribute => attribute == "identities",
        }
}

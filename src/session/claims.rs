//! The claims inside a token (RFC 7519), read without checking its signature.

use crate::encoding::{from_base64, utf8};
use crate::error::{Code, Error, place};
use crate::protocol::Millis;
use crate::protocol::json::{Json, Object, unescaped};
use crate::protocol::user_pool::UserPool;
use crate::secret::SecretText;
use crate::text::Text;

/// How far the service's clock and ours may be apart after the correction by its `Date` header.
const LEEWAY: Millis = 5_000;

/// The members that change with every token: they say nothing about the user.
const OF_THE_TOKEN: &str = "exp iat jti nbf nonce at_hash event_id";

/// Which of Cognito's two JWTs a token is.
#[derive(Clone, Copy)]
pub(super) enum Use {
    /// Says who the user is; `aud` names the client.
    Id,
    /// Lets the client act for the user; `client_id` names the client.
    Access,
}

/// The payload of one token.
#[derive(Debug)]
pub(super) struct Claims(Text);

impl Claims {
    /// Reads `token` and checks `iss`, the client and `token_use`; when it ends is for [`Claims::is_timely`].
    pub(super) fn accept(token: &SecretText, kind: Use, pool: &UserPool) -> Result<Self, Error> {
        let claims = Self::of(token).ok_or_else(|| refused("its form"))?;
        let (client, token_use) = match kind {
            Use::Id => ("aud", "id"),
            Use::Access => ("client_id", "access"),
        };
        let is = |name, expected: &str| claims.text(name).is_some_and(|value| value == expected);
        let checks = [
            ("iss", claims.text("iss").is_some_and(|issuer| Json::read(&pool.issuers).has(&issuer))),
            (client, is(client, &pool.client_id)),
            ("token_use", is("token_use", token_use)),
            ("exp", claims.expires().is_some()),
            ("sub", claims.subject().is_some_and(|subject| !subject.is_empty())),
        ];
        match checks.iter().find(|(_, holds)| !holds) {
            Some((name, _)) => Err(refused(name)),
            None => Ok(claims),
        }
    }

    /// Whether the token counts at the service's time `now`: neither over nor of the future.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim.
    pub(super) fn is_timely(&self, now: Millis) -> Result<(), Error> {
        if self.expires().is_none_or(|expires| expires + LEEWAY <= now) {
            return Err(refused("exp"));
        }
        match self.time("iat") {
            Some(issued) if issued > now + LEEWAY => Err(refused("iat")),
            _ => Ok(()),
        }
    }

    /// `sub`: the stable ID of the user.
    pub(super) fn subject(&self) -> Option<Text> {
        self.text("sub")
    }

    /// `exp`: when the token ends.
    pub(super) fn expires(&self) -> Option<Millis> {
        self.time("exp")
    }

    /// A claim that is a time.
    pub(super) fn time(&self, name: &str) -> Option<Millis> {
        self.json().integer(name).filter(|seconds| (0..1 << 40).contains(seconds)).map(|seconds| 1000 * seconds)
    }

    /// What the claims say about the user, as JSON text: equal texts mean that nothing has changed.
    pub(super) fn about_user(&self) -> Text {
        let mut user = Object::new();
        self.json().each(&mut |name, value| {
            if let Some(name) = unescaped(name).filter(|name| place(name, OF_THE_TOKEN).is_none()) {
                user.raw(&name, value.as_written());
            }
        });
        user.end()
    }

    pub(super) fn text(&self, name: &str) -> Option<Text> {
        self.json().text(name)
    }

    fn json(&self) -> Json<'_> {
        Json::read(&self.0)
    }

    /// Reads `token`, which was accepted before.
    pub(super) fn of(token: &SecretText) -> Option<Self> {
        object(Jwt::read(token)?.claims).map(Self)
    }
}

/// A token in the compact form (RFC 7515, 7.1): three parts in Base64url.
pub(super) struct Jwt<'a> {
    pub(super) header: &'a str,
    claims: &'a str,
    /// The first two parts.
    pub(super) signed: &'a str,
    pub(super) signature: &'a str,
}

impl<'a> Jwt<'a> {
    pub(super) fn read(token: &'a SecretText) -> Option<Self> {
        let token = token.expose();
        let mut dots = token.bytes().enumerate().filter(|(_, c)| *c == b'.').map(|(at, _)| at);
        let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
            return None;
        };
        Some(Self {
            header: token.get(..first)?,
            claims: token.get(first + 1..second)?,
            signed: token.get(..second)?,
            signature: token.get(second + 1..)?,
        })
    }
}

/// A part of a token that is a JSON object.
pub(super) fn object(part: &str) -> Option<Text> {
    let text = utf8(from_base64(part)?.expose())?;
    Json::parse(&text).filter(|value| value.is_object())?;
    Some(text)
}

/// The error for a token that is not ours, or not any more.
pub fn refused(what: &str) -> Error {
    Error::naming(Code::InvalidToken, "A token was refused on arrival: ", what, ".")
}

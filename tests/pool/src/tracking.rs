//! The sessions that a user has open, at the API and at the hosted pages: ListUserSessions and RevokeUserSession.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::{
    clock::{Instant, epoch},
    pool::{Pool, Reply, nothing},
    random::Random,
    refusal::Refusal,
    shapes::Request,
    users::User,
};

/// How a session is listed.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// 28 characters: `tkn` or `sso` and 25 more.
    pub id: String,
    /// When it began.
    pub began_at: Instant,
    /// When it was last used.
    pub active_at: Instant,
    /// The session at the hosted pages that it came from.
    pub parent: Option<String>,
}

impl Tracked {
    /// A session that begins now.
    pub fn new(random: &mut Random, kind: &str, now: Instant, parent: Option<String>) -> Self {
        Self { id: format!("{kind}{}", random.letters(25)), began_at: now, active_at: now, parent }
    }

    fn described(&self, client: Option<&str>, current: bool) -> Map<String, Value> {
        let kind = if client.is_some() { "TOKEN" } else { "SSO" };
        let always = [
            ("SessionId", json!(self.id)),
            ("SessionType", json!(kind)),
            ("CreateDate", epoch(self.began_at)),
            ("LastActiveDate", epoch(self.active_at)),
            ("DeviceType", json!("Browser")),
            ("LastIPAddress", json!("127.0.0.1")),
            ("LastLocation", json!({ "City": "Dublin", "Country": "Ireland" })),
            ("IsCurrentSession", json!(current)),
        ];
        let parent = self.parent.as_ref().map(|parent| ("OriginSessionId", json!(parent)));
        let client = client.map(|client| ("ClientId", json!(client)));
        always.into_iter().chain(client).chain(parent).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl Pool {
    pub(crate) fn list_user_sessions(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let (user, current) = self.tracked_user(request)?;
        let invalid = || Refusal::invalid_parameter("Invalid pagination token.");
        let after = request.given("NextToken").map(|token| place(token).ok_or_else(invalid)).transpose()?;
        let mut sessions = self.open_sessions(&user);
        sessions.sort_by(|(one, _), (other, _)| (one.began_at, &one.id).cmp(&(other.began_at, &other.id)));
        sessions.retain(|(session, _)| {
            after.as_ref().is_none_or(|after| (session.began_at, &session.id) > (after.0, &after.1))
        });
        let most = self.settings.tracking.page.clamp(1, 125);
        let next = sessions.get(most - 1).filter(|_| sessions.len() > most);
        let next = next.map(|(last, _)| URL_SAFE_NO_PAD.encode(format!("{} {}", last.began_at, last.id)));
        let page = sessions.iter().take(most);
        let page: Vec<_> =
            page.map(|(session, client)| session.described(client.as_deref(), session.id == current.id)).collect();
        let mut answer = json!({ "Sessions": page });
        if let (Some(next), Some(answer)) = (next, answer.as_object_mut()) {
            answer.insert("NextToken".to_owned(), json!(next));
        }
        Ok(Reply::Body(answer))
    }

    pub(crate) fn revoke_user_session(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let (user, current) = self.tracked_user(request)?;
        let wanted = request.text("SessionId");
        let sessions = self.open_sessions(&user);
        let (session, client) = sessions
            .iter()
            .find(|(session, _)| session.id == wanted)
            .ok_or_else(|| Refusal::new("ResourceNotFoundException", "Session does not exist."))?;
        let mut ends = vec![wanted];
        if request.text("RevokeAssociatedSessions") == "LINKED" {
            let children =
                sessions.iter().filter(|(child, _)| client.is_none() && child.parent.as_deref() == Some(wanted));
            ends.extend(session.parent.as_deref().into_iter().chain(children.map(|(child, _)| child.id.as_str())));
        }
        if ends.contains(&current.id.as_str()) {
            return Err(Refusal::invalid_parameter("The current session cannot be revoked."));
        }
        ends.iter().for_each(|id| self.end_session(id));
        Ok(nothing())
    }

    /// Ends a session, or does nothing if there is none of this ID.
    pub(crate) fn end_session(&mut self, id: &str) {
        self.tokens.revoke_session(id);
        self.hosted.end_session(id);
    }

    /// The user of an access token, and the session that it belongs to.
    fn tracked_user(&self, request: &Request) -> Result<(User, Tracked), Refusal> {
        let user = self.signed_in(request)?;
        if !self.settings.tracking.enabled {
            let message = "Session tracking is not enabled for the user pool.";
            return Err(Refusal::new("OperationNotEnabledException", message));
        }
        let (_, family) = self.opened(request.text("AccessToken"))?;
        Ok((user, family.tracked.clone()))
    }

    /// Every open session, and the client of those at the API.
    fn open_sessions(&self, user: &User) -> Vec<(Tracked, Option<String>)> {
        let now = self.clock.now();
        let families = self.tokens.open_families(&user.sub, now);
        let of_clients = families.map(|family| (family.tracked.clone(), Some(family.client.clone())));
        let at_pages = self.hosted.open_sessions(&user.username, now);
        of_clients.chain(at_pages.map(|session| (session.clone(), None))).collect()
    }
}

/// What a page's NextToken says: when the last session of the page before began, and its ID.
fn place(token: &str) -> Option<(Instant, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (began_at, id) = text.split_once(' ')?;
    Some((began_at.parse().ok()?, id.to_owned()))
}

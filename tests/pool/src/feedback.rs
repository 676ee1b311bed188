//! What users say about sign-ins that looked like somebody else's: UpdateAuthEventFeedback, and the mailed tokens that allow it.

use serde::Serialize;
use std::collections::HashMap;

use crate::{
    clock::{Instant, span},
    pool::{POOL_ID, Pool, Reply, nothing},
    refusal::Refusal,
    shapes::Request,
};

/// How long a mailed link works, in seconds.
const LINK_SECONDS: i64 = 86_400;

/// One sign-in that a mail asked about.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its ID.
    pub event_id: String,
    /// Whose sign-in it was.
    pub username: String,
    /// What the link in the mail holds; good for one answer.
    pub feedback_token: String,
    /// `Valid` or `Invalid`, once the user has said so.
    pub value: Option<String>,
    #[serde(skip)]
    ends_at: Instant,
}

/// All of them, by their IDs.
#[derive(Debug, Default)]
pub struct Feedback(HashMap<String, Event>);

impl Feedback {
    /// The events of a user.
    pub fn of(&self, username: &str) -> Vec<&Event> {
        self.0.values().filter(|event| event.username == username).collect()
    }
}

impl Pool {
    /// Mails a user about a sign-in.
    pub(crate) fn ask_for_feedback(&mut self, username: &str) -> Event {
        let event = Event {
            event_id: self.random.uuid(),
            username: username.to_owned(),
            feedback_token: self.random.base64url(48),
            value: None,
            ends_at: self.clock.now() + span(LINK_SECONDS),
        };
        self.feedback.0.insert(event.event_id.clone(), event.clone());
        event
    }

    pub(crate) fn update_auth_event_feedback(&mut self, request: &Request) -> Result<Reply, Refusal> {
        if request.text("UserPoolId") != POOL_ID {
            return Err(Refusal::new("ResourceNotFoundException", "The user pool does not exist."));
        }
        if !self.settings.threat_protection {
            let message = "Threat protection is not enabled for the user pool.";
            return Err(Refusal::new("UserPoolAddOnNotEnabledException", message));
        }
        let user = self.users.named(request.text("Username")).ok_or_else(Refusal::user_not_found)?;
        let event = self.feedback.0.get_mut(request.text("EventId"));
        let event = event
            .filter(|event| event.username == user.username)
            .ok_or_else(|| Refusal::new("ResourceNotFoundException", "The event does not exist."))?;
        let good = event.feedback_token == request.text("FeedbackToken")
            && event.value.is_none()
            && self.clock.now() < event.ends_at;
        if !good {
            return Err(Refusal::not_authorized("Invalid feedback token."));
        }
        event.value = request.given("FeedbackValue").map(str::to_owned);
        Ok(nothing())
    }
}

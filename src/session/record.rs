//! A session written down and read back, as JSON:
//! `{ v, revision, id, access, refresh, rotates, spent, began, active, offset }`, the times in seconds since 1970, and the offset in
//! seconds above -2³¹.

use super::{Past, Session};
use crate::protocol::Millis;
use crate::protocol::json::{Json, Object};
use crate::protocol::user_pool::{Tokens, UserPool};
use crate::secret::SecretText;

/// The form of the record; one of another form is not read.
const VERSION: u32 = 1;

/// What is known besides the session itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// A number by chance that tells this writing from every other.
    pub revision: u32,
    /// When the user last did something, by the service's time.
    pub active: Millis,
    /// Whether the refresh token has been sent to be exchanged, and nothing is known of the answer.
    pub spent: bool,
    /// The service's clock less this machine's.
    pub offset: Millis,
}

/// Makes an offset a number without a sign.
const ZERO: Millis = 1 << 31;

/// Writes `session` down.
pub fn write(session: &Session, note: Note) -> SecretText {
    let seconds = |time: Millis| u32::try_from(time / 1000).unwrap_or_default();
    let mut record = Object::new();
    record.integer("v", VERSION);
    record.integer("revision", note.revision);
    record.text("id", session.0.id.expose()).text("access", session.0.access.expose());
    record.text("refresh", session.0.refresh.expose());
    for (name, is) in [("rotates", session.0.rotates), ("spent", note.spent)] {
        record.raw(name, if is { "true" } else { "false" });
    }
    record.integer("began", seconds(session.0.began));
    record.integer("active", seconds(note.active));
    record.integer("offset", seconds(note.offset + 1000 * ZERO));
    record.finish()
}

/// Reads what [`write()`] has written when this machine's clock is at `clock`; `None` for anything else, and for a session of
/// another pool or client.
pub fn read(record: &SecretText, pool: &UserPool, clock: Millis) -> Option<(Session, Note)> {
    let record = Json::parse(record.expose())?;
    if record.integer("v") != Some(VERSION.into()) {
        return None;
    }
    let token = |name| record.text(name).map(SecretText::from);
    let tokens = Tokens { id: token("id")?, access: token("access")?, refresh: token("refresh"), new_device: None };
    let seconds = |name| record.integer(name).filter(|seconds| (0..1 << 32).contains(seconds));
    let time = |name| seconds(name).map(|seconds| 1000 * seconds);
    let offset = 1000 * (seconds("offset")? - ZERO);
    let is = |name| record.member(name).is_some_and(|value| value.as_written() == "true");
    let revision = record.integer("revision")?.try_into().ok()?;
    let note = Note { revision, active: time("active")?, spent: is("spent"), offset };
    let past = Past { rotates: is("rotates"), began: Some(time("began")?) };
    Some((Session::recall(tokens, pool, clock + offset, past).ok()?, note))
}

//! A session written down and read back, as JSON:
//! `{ v, revision, id, access, refresh, rotates?, began, active }`, the times in seconds since 1970.

use super::Session;
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
}

/// Writes `session` down.
pub fn write(session: &Session, note: Note) -> SecretText {
    let seconds = |time: Millis| u32::try_from(time / 1000).unwrap_or_default();
    let mut record = Object::new();
    record.integer("v", VERSION);
    record.integer("revision", note.revision);
    record.text("id", session.id.expose()).text("access", session.access.expose());
    record.text("refresh", session.refresh.expose());
    record.raw("rotates", if session.rotates { "true" } else { "false" });
    record.integer("began", seconds(session.began));
    record.integer("active", seconds(note.active));
    record.finish()
}

/// Reads what [`write`] has written; `None` for anything else, and for a session of another pool or client.
pub fn read(record: &SecretText, pool: &UserPool, now: Millis) -> Option<(Session, Note)> {
    let record = Json::parse(record.expose())?;
    if record.integer("v") != Some(VERSION.into()) {
        return None;
    }
    let token = |name| record.text(name).map(SecretText::new);
    let tokens = Tokens { id: token("id")?, access: token("access")?, refresh: token("refresh") };
    let session = Session::resume(tokens, pool, now).ok()?;
    let time = |name| record.integer(name).map(|seconds| seconds.saturating_mul(1000));
    let note = Note { revision: record.integer("revision")?.try_into().ok()?, active: time("active")? };
    let rotates = record.member("rotates").is_some_and(|rotates| rotates.as_written() == "true");
    Some((Session { rotates, began: time("began")?, ..session }, note))
}

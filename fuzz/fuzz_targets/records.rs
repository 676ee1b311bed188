//! What storage gives back, for a session and for a device: none panics, and what is read is written as it was.
//!
//! The first line of an input holds this machine's clock; the rest is the record.
#![no_main]

use cognito_vault::flow::Device;
use cognito_vault::protocol::Millis;
use cognito_vault::secret::SecretText;
use cognito_vault::session::record::{read, write};
use cognito_vault_fuzz::{is_json, pool, text};
use libfuzzer_sys::fuzz_target;

/// The last day that a `Date` knows.
const LATEST: Millis = 8_640_000_000_000_000;

fuzz_target!(|input: &[u8]| {
    let input = text(input);
    let (clock, record) = input.split_once('\n').unwrap_or_default();
    let clock = clock.parse::<Millis>().unwrap_or_default().clamp(-LATEST, LATEST);
    let record = SecretText::from(record);
    session(&record, clock);
    device(&record);
});

fn session(record: &SecretText, clock: Millis) {
    let pool = pool();
    let Some((session, note)) = read(record, &pool, clock) else { return };
    let written = write(&session, note);
    assert!(is_json(written.expose()), "a record is JSON");
    let (again, same) = read(&written, &pool, clock).expect("what is written can be read");
    assert!(again.has_tokens_of(&session) && again.is_of_same_user(&session) && again.rotates() == session.rotates());
    assert_eq!((same.revision, same.spent, same.offset), (note.revision, note.spent, note.offset));
    assert_eq!(write(&again, same).expose(), written.expose());
}

fn device(record: &SecretText) {
    let Some(device) = Device::read(record.expose()) else { return };
    let written = device.write();
    assert!(is_json(written.expose()), "a record is JSON");
    assert_eq!(parts(&Device::read(written.expose()).expect("what is written can be read")), parts(&device));
}

fn parts(Device { key, group, password }: &Device) -> [&str; 3] {
    [key, group, password.expose()]
}

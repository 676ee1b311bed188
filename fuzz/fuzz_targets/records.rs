//! What storage gives back, for a session and for devices: none panics, and what is read is written as it was.
//!
//! The first line of an input holds this machine's clock and a user name; the rest is the record.
#![no_main]

use cognito_vault::flow::Device;
use cognito_vault::flow::device::write as write_devices;
use cognito_vault::protocol::Millis;
use cognito_vault::secret::SecretText;
use cognito_vault::session::record::{read, write};
use cognito_vault::text::Text;
use cognito_vault_fuzz::{is_json, pool, text};
use libfuzzer_sys::fuzz_target;

/// The last day that a `Date` knows.
const LATEST: Millis = 8_640_000_000_000_000;

fuzz_target!(|input: &[u8]| {
    let input = text(input);
    let (first, record) = input.split_once('\n').unwrap_or_default();
    let (clock, username) = first.split_once(' ').unwrap_or_default();
    let clock = clock.parse::<Millis>().unwrap_or_default().clamp(-LATEST, LATEST);
    let record = SecretText::from(record);
    session(&record, clock);
    devices(&record, username);
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

fn devices(record: &SecretText, username: &str) {
    let known = Device::of(record, username);
    let rewritten = write_devices(record, username, known.as_ref());
    assert!(rewritten.expose().is_empty() || is_json(rewritten.expose()), "a record is JSON");
    assert!(known.is_none() || same(&Device::of(&rewritten, username), &known), "a device is written as it was read");

    let dropped = write_devices(record, username, None);
    assert!(dropped.expose().is_empty() || is_json(dropped.expose()), "a record is JSON");
    assert!(Device::of(&dropped, username).is_none(), "what is dropped is gone");
    let [key, group] = ["eu-west-1_2b0c5f", "-AbCdEf"].map(Text::from);
    let new = Device { key, group, password: SecretText::from("c2VjcmV0") };
    let kept = write_devices(&dropped, username, Some(&new));
    assert!(same(&Device::of(&kept, username), &Some(new)), "a new device is kept");
}

fn same(one: &Option<Device>, other: &Option<Device>) -> bool {
    let parts = |device: &Option<Device>| {
        device.as_ref().map(|device| (device.key.clone(), device.group.clone(), device.password.expose().clone()))
    };
    parts(one) == parts(other)
}

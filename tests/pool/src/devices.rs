//! Remembered devices: ConfirmDevice, GetDevice, ListDevices, UpdateDeviceStatus and ForgetDevice.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use num_bigint::BigUint;
use serde_json::{Value, json};

use crate::{
    clock::Instant,
    course::Course,
    pool::{Pool, Reply, nothing},
    refusal::Refusal,
    settings::Flow,
    shapes::Request,
    srp::{self, Verifier},
    users::User,
    ways::Tracking,
};

const MOST_LISTED: usize = 60;

/// One device of a user.
#[derive(Clone, Debug)]
pub struct Device {
    /// `<Region>_<UUID>`.
    pub key: String,
    /// What its secret is hashed with.
    pub group: String,
    /// What its user calls it.
    pub name: Option<String>,
    /// Whether ConfirmDevice was called; before that, nobody knows it.
    pub confirmed: bool,
    /// What is kept of its secret.
    pub verifier: Option<Verifier>,
    /// Whether it stands for a second factor.
    pub remembered: bool,
    /// When it was first seen.
    pub created: Instant,
    /// When it was last changed.
    pub modified: Instant,
    /// When somebody last signed in on it.
    pub used: Instant,
}

impl User {
    /// The confirmed device of this key.
    pub fn device(&self, key: &str) -> Option<&Device> {
        self.devices.iter().find(|device| device.key == key && device.confirmed)
    }

    /// Whether a device of this key stands for a second factor.
    pub fn remembers(&self, key: &str) -> bool {
        self.device(key).is_some_and(|device| device.remembered && device.verifier.is_some())
    }
}

impl Pool {
    /// The confirmed device that an answer names.
    pub(crate) fn device_of(&self, course: &Course, key: &str) -> Result<&Device, Refusal> {
        let tracked = self.settings.devices.tracking != Tracking::Off;
        self.user_of(course).filter(|_| tracked).and_then(|user| user.device(key)).ok_or_else(unknown)
    }

    /// The key of the device that a sign-in ends on, and its group if it is a new one: none where devices are not tracked.
    pub(crate) fn device_of_sign_in(&mut self, course: &Course) -> Option<(String, Option<String>)> {
        if self.settings.devices.tracking == Tracking::Off || course.flow == Flow::Choice {
            return None;
        }
        let now = self.clock.now();
        let fresh = (format!("eu-west-1_{}", self.random.uuid()), format!("-{}", self.random.base64url(6)));
        let user = self.users.named_mut(&course.username)?;
        if let Some(known) = user.devices.iter_mut().find(|device| Some(&device.key) == course.device.as_ref()) {
            known.used = now;
            return Some((known.key.clone(), None));
        }
        let (key, group) = fresh;
        user.devices.push(Device {
            key: key.clone(),
            group: group.clone(),
            name: None,
            confirmed: false,
            verifier: None,
            remembered: false,
            created: now,
            modified: now,
            used: now,
        });
        Some((key, Some(group)))
    }

    pub(crate) fn confirm_device(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.with_devices(request)?;
        let key = request.text("DeviceKey");
        let (_, family) = self.opened(request.text("AccessToken"))?;
        if family.device.as_deref() != Some(key) {
            return Err(unknown());
        }
        let verifier = match request.texts("DeviceSecretVerifierConfig") {
            config if config.is_empty() => None,
            config => {
                let value = |name| config.get(name).and_then(|text| number(text));
                let (verifier, salt) = (value("PasswordVerifier"), value("Salt"));
                match verifier.zip(salt).filter(|(v, _)| srp::is_in_the_group(v)) {
                    Some((v, salt)) => Some(Verifier { salt, v }),
                    None => return Err(Refusal::invalid_parameter("Invalid device secret verifier.")),
                }
            }
        };
        let (now, asks) = (self.clock.now(), self.settings.devices.tracking == Tracking::OptIn);
        let name = request.given("DeviceName").map(str::to_owned);
        let device = self.device_mut(&user, key).ok_or_else(unknown)?;
        if device.confirmed {
            return Err(Refusal::new("DeviceKeyExistsException", "Device key already exists."));
        }
        *device = Device { name, confirmed: true, verifier, remembered: !asks, modified: now, ..device.clone() };
        Ok(Reply::Body(json!({ "UserConfirmationNecessary": asks })))
    }

    pub(crate) fn get_device(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.with_devices(request)?;
        let device = user.device(request.text("DeviceKey")).ok_or_else(unknown)?;
        Ok(Reply::Body(json!({ "Device": described(device) })))
    }

    pub(crate) fn list_devices(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.with_devices(request)?;
        let confirmed: Vec<&Device> = user.devices.iter().filter(|device| device.confirmed).collect();
        let first = match request.given("PaginationToken") {
            None => 0,
            Some(token) => {
                let last = URL_SAFE_NO_PAD.decode(token).ok().and_then(|key| String::from_utf8(key).ok());
                let position = confirmed.iter().position(|device| Some(&device.key) == last.as_ref());
                position.ok_or_else(|| Refusal::invalid_parameter("Invalid pagination token."))? + 1
            }
        };
        let limit = request.number("Limit").filter(|limit| *limit > 0).unwrap_or(MOST_LISTED);
        let page: Vec<Value> = confirmed.iter().skip(first).take(limit).map(|device| described(device)).collect();
        let mut answer = json!({ "Devices": page });
        if let Some(last) = confirmed.get(first + limit - 1).filter(|_| confirmed.len() > first + limit) {
            answer["PaginationToken"] = json!(URL_SAFE_NO_PAD.encode(&last.key));
        }
        Ok(Reply::Body(answer))
    }

    pub(crate) fn update_device_status(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.with_devices(request)?;
        let key = request.text("DeviceKey");
        user.device(key).ok_or_else(unknown)?;
        let now = self.clock.now();
        if let Some((device, status)) = self.device_mut(&user, key).zip(request.given("DeviceRememberedStatus")) {
            device.remembered = status == "remembered";
            device.modified = now;
        }
        Ok(nothing())
    }

    pub(crate) fn forget_device(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.with_devices(request)?;
        let key = request.text("DeviceKey");
        user.device(key).ok_or_else(unknown)?;
        if let Some(user) = self.users.named_mut(&user.username) {
            user.devices.retain(|device| device.key != key);
        }
        Ok(Reply::Empty)
    }

    fn with_devices(&self, request: &Request) -> Result<User, Refusal> {
        let user = self.signed_in(request)?;
        match self.settings.devices.tracking {
            Tracking::Off => Err(Refusal::new(
                "InvalidUserPoolConfigurationException",
                "User pool is not configured to remember devices.",
            )),
            Tracking::Always | Tracking::OptIn => Ok(user),
        }
    }

    fn device_mut(&mut self, user: &User, key: &str) -> Option<&mut Device> {
        self.users.named_mut(&user.username)?.devices.iter_mut().find(|device| device.key == key)
    }

    /// Refuses a refresh that does not name the confirmed device of its sign-in.
    pub(crate) fn check_device_of_refresh(
        &self,
        user: &User,
        bound: Option<&str>,
        named: Option<&str>,
    ) -> Result<(), Refusal> {
        match (bound, named) {
            (None, None) => Ok(()),
            (Some(bound), Some(named)) if bound == named => {
                match user.devices.iter().find(|device| device.key == bound) {
                    None => Err(unknown()),
                    Some(device) if device.confirmed => Ok(()),
                    Some(_) => Err(Refusal::not_authorized("Invalid Refresh Token")),
                }
            }
            (_, Some(_)) => Err(unknown()),
            (Some(_), None) => Err(Refusal::not_authorized("Invalid Refresh Token")),
        }
    }
}

fn unknown() -> Refusal {
    Refusal::new("ResourceNotFoundException", "Device does not exist.")
}

/// The integer in standard Base64 of its minimal two's complement, sign byte included.
fn number(text: &str) -> Option<BigUint> {
    let bytes = STANDARD.decode(text).ok()?;
    let number = BigUint::from_bytes_be(&bytes);
    (srp::padded(&number) == bytes).then_some(number)
}

fn described(device: &Device) -> Value {
    let status = if device.remembered { "remembered" } else { "not_remembered" };
    let pair = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    let mut attributes = vec![pair("device_status", "valid"), pair("dev:device_remembered_status", status)];
    attributes.extend(device.name.as_deref().map(|name| pair("device_name", name)));
    let [created, modified, used] = [device.created, device.modified, device.used].map(|at| Value::from(seconds(at)));
    json!({
        "DeviceKey": device.key,
        "DeviceAttributes": attributes,
        "DeviceCreateDate": created,
        "DeviceLastModifiedDate": modified,
        "DeviceLastAuthenticatedDate": used,
    })
}

/// Epoch seconds, with their fraction.
fn seconds(at: Instant) -> f64 {
    let whole = i32::try_from(at.div_euclid(1000)).unwrap_or(i32::MAX);
    let rest = i32::try_from(at.rem_euclid(1000)).unwrap_or(0);
    f64::from(whole) + f64::from(rest) / 1000.0
}

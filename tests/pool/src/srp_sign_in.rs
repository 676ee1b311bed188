//! Signing in by SRP: USER_SRP_AUTH, and the same steps inside the other flows.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    clock::is_srp_timestamp_near,
    course::{Course, Passed},
    pool::{Pool, identity, parameters},
    refusal::Refusal,
    sessions::{Asked, Exchange},
    settings::Flow,
    sign_in::{Texts, needed, refuse_secret, take},
    srp,
};

/// How far TIMESTAMP may be from the pool's clock, in seconds.
const TIMESTAMP_TOLERANCE: i64 = 300;

impl Pool {
    pub(crate) fn initiate_srp(&mut self, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let [username, a] = take(given, ["USERNAME", "SRP_A"], &["DEVICE_KEY"])?;
        let course = self.course(username, Flow::Srp)?;
        self.known_device(&course, given)?;
        self.begin_srp(course, a)
    }

    /// PASSWORD_VERIFIER: without a Session where the flow began with SRP, with one elsewhere.
    pub(crate) fn begin_srp(&mut self, mut course: Course, a: &str) -> Result<Passed, Refusal> {
        let a_public = srp::parse_a(a).ok_or_else(|| Refusal::invalid_parameter("Invalid SRP_A value."))?;
        let (fake_id, fake) = self.decoy(&course.username);
        let kept = self.user_of(&course).map(|user| user.verifier.clone());
        let (user_id, verifier) = match kept {
            Some(verifier) => (course.username.clone(), verifier.unwrap_or(fake)),
            None => (fake_id, fake),
        };
        let ephemeral = srp::Ephemeral::new(&self.random.bytes(128), &verifier.v);
        let block = self.random.base64(1000);
        let parameters = parameters(&[
            ("SALT", srp::hex(&verifier.salt)),
            ("SRP_B", srp::hex(&ephemeral.public)),
            ("SECRET_BLOCK", block.clone()),
            ("USERNAME", user_id.clone()),
            ("USER_ID_FOR_SRP", user_id.clone()),
        ]);
        course.echo.clone_from(&user_id);
        let exchange =
            Exchange::new((course.clone(), identity(&user_id)), (a_public, ephemeral, verifier), self.clock.now());
        self.sessions.begin(block.clone(), exchange);
        if course.flow != Flow::Srp {
            return Ok(self.ask(course, Asked::Verifier(block), parameters));
        }
        Ok(Passed::Asked(
            serde_json::json!({ "ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters }),
        ))
    }

    /// Takes the proof. `asked` is the block that the Session was about, if there was one.
    pub(crate) fn finish_srp(&mut self, given: &Texts<'_>, asked: Option<&str>) -> Result<Passed, Refusal> {
        refuse_secret(given)?;
        let names = ["USERNAME", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"];
        let [username, block, signature, timestamp] = take(given, names, &["DEVICE_KEY"])?;
        let now = self.clock.now();
        let course = self.sessions.exchange(block).map(|exchange| exchange.course.clone());
        let mut course = course.ok_or_else(Refusal::wrong_credentials)?;
        if (course.flow == Flow::Srp) != asked.is_none() || asked.is_some_and(|asked| asked != block) {
            return Err(Refusal::not_authorized("Invalid session for the user."));
        }
        // An unknown device does not spend the block.
        course.device = self.known_device(&course, given)?;
        let exchange = self.sessions.finish(block, now).ok_or_else(Refusal::wrong_credentials)?;
        self.attempts.check_lock(&course.username, now)?;

        let proven = username == course.echo && self.proves(&exchange, block, timestamp, signature);
        let unchanged = self.user_of(&course).is_some_and(|user| user.verifier.as_ref() == Some(&exchange.verifier));
        if proven && unchanged {
            return self.admit(course.with("pwd"));
        }
        self.attempts.failed(&course.username, now);
        Err(Refusal::wrong_credentials())
    }

    /// DEVICE_PASSWORD_VERIFIER: the same with the device's key and secret in place of name and password.
    pub(crate) fn begin_device_srp(&mut self, course: Course, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let [_, key, a] = take(given, ["USERNAME", "DEVICE_KEY", "SRP_A"], &[])?;
        let a_public = srp::parse_a(a).ok_or_else(|| Refusal::invalid_parameter("Invalid SRP_A value."))?;
        let device = self.device_of(&course, key)?;
        let verifier = device.verifier.clone().ok_or_else(Refusal::wrong_credentials)?;
        let identity = format!("{}{key}", device.group);
        let ephemeral = srp::Ephemeral::new(&self.random.bytes(128), &verifier.v);
        let block = self.random.base64(1000);
        let parameters = parameters(&[
            ("SALT", srp::hex(&verifier.salt)),
            ("SRP_B", srp::hex(&ephemeral.public)),
            ("SECRET_BLOCK", block.clone()),
            ("DEVICE_KEY", key.to_owned()),
            ("USERNAME", course.username.clone()),
        ]);
        let exchange = Exchange::new((course.clone(), identity), (a_public, ephemeral, verifier), self.clock.now());
        self.sessions.begin(block.clone(), exchange);
        Ok(self.ask(course, Asked::DeviceVerifier(block), parameters))
    }

    pub(crate) fn finish_device_srp(&mut self, asked: &str, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let names = ["USERNAME", "DEVICE_KEY", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"];
        let [_, key, block, signature, timestamp] = take(given, names, &[])?;
        let now = self.clock.now();
        let exchange = self.sessions.finish(asked, now).filter(|_| asked == block);
        let exchange = exchange.ok_or_else(Refusal::wrong_credentials)?;
        let device = self.device_of(&exchange.course, key)?;
        if device.verifier.as_ref() != Some(&exchange.verifier) || !self.proves(&exchange, block, timestamp, signature)
        {
            return Err(Refusal::wrong_credentials());
        }
        self.proceed(Course { second: true, ..exchange.course })
    }

    /// Whether the signature shows that the password is known, and was made about now.
    fn proves(&self, exchange: &Exchange, block: &str, timestamp: &str, signature: &str) -> bool {
        let decoded = (STANDARD.decode(block), STANDARD.decode(signature));
        let (Ok(block), Ok(signature)) = decoded else {
            return false;
        };
        is_srp_timestamp_near(timestamp, self.clock.seconds(), TIMESTAMP_TOLERANCE)
            && exchange
                .ephemeral
                .key(&exchange.a_public, &exchange.verifier.v)
                .is_some_and(|key| srp::signature(&key, &exchange.identity, &block, timestamp) == signature)
    }

    /// The device that an answer names: none if it names none, or an unknown one where that makes no difference.
    pub(crate) fn known_device(&self, course: &Course, given: &Texts<'_>) -> Result<Option<String>, Refusal> {
        use crate::ways::{Tracking, UnknownKey};
        if !given.contains_key("DEVICE_KEY") {
            return Ok(None);
        }
        let key = needed(given, "DEVICE_KEY")?;
        let rules = self.settings.devices;
        match self.device_of(course, key) {
            Ok(_) => Ok(Some(key.to_owned())),
            Err(_) if rules.tracking != Tracking::Off && rules.unknown_key == UnknownKey::Replace => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

//! What a user can prove beside the password, and the operations on it: SetUserMFAPreference, SetUserSettings, GetUserAuthFactors.

use serde_json::{Map, Value, json};

use crate::{
    pool::{Pool, Reply, nothing},
    refusal::Refusal,
    settings::PasskeyFactor,
    shapes::Request,
    totp::Authenticator,
    users::User,
    ways::{FirstFactor, Method, MfaMode},
};

/// The factors of a user.
#[derive(Clone, Debug, Default)]
pub struct Factors {
    /// The second factors that are switched on.
    pub methods: Vec<Method>,
    /// The one that is asked for without a choice.
    pub preferred: Option<Method>,
    /// The authenticator app.
    pub authenticator: Option<Authenticator>,
    /// The secret of an authenticator app that was not verified yet.
    pub associated: Option<String>,
}

impl Factors {
    /// Switches a second factor on or off; what is off is not preferred.
    pub fn switch(&mut self, method: Method, on: Switch) {
        self.methods.retain(|known| *known != method);
        if on == Switch::On {
            self.methods.push(method);
        } else if self.preferred == Some(method) {
            self.preferred = None;
        }
    }
}

/// Whether something is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

const SETTINGS: [(&str, Method); 3] = [
    ("SMSMfaSettings", Method::SmsMfa),
    ("SoftwareTokenMfaSettings", Method::SoftwareTokenMfa),
    ("EmailMfaSettings", Method::EmailOtp),
];

impl Pool {
    pub(crate) fn set_user_mfa_preference(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        let mut factors = user.factors.clone();
        let mut preferred = Vec::new();
        for (name, method) in SETTINGS {
            let Some(wanted) = request.flags(name) else { continue };
            let enabled = wanted.get("Enabled").copied().unwrap_or(false);
            let prefers = wanted.get("PreferredMfa").copied().unwrap_or(false);
            if enabled {
                self.check_usable(&user, method)?;
            } else if prefers {
                return Err(Refusal::invalid_parameter("Cannot set as preferred a factor that is not enabled."));
            }
            factors.switch(method, if enabled { Switch::On } else { Switch::Off });
            match (prefers, factors.preferred) {
                (true, _) => preferred.push(method),
                (false, Some(before)) if before == method => factors.preferred = None,
                _ => {}
            }
        }
        if preferred.len() > 1 {
            return Err(Refusal::invalid_parameter("Only one factor can be preferred."));
        }
        factors.preferred = preferred.first().copied().or(factors.preferred);
        if self.settings.mfa.mode == MfaMode::Required && factors.methods.is_empty() {
            return Err(Refusal::invalid_parameter("User must have at least one MFA factor in this pool."));
        }
        // A passkey that is two factors is so without being switched on.
        let passkeys = request.flags("WebAuthnMfaSettings").and_then(|wanted| wanted.get("Enabled").copied());
        if passkeys == Some(true) {
            if self.settings.passkeys.factor == PasskeyFactor::SingleFactor {
                return Err(Refusal::invalid_parameter("Passkeys are not a second factor of this pool."));
            }
            if factors.methods.is_empty() {
                return Err(Refusal::invalid_parameter("Passkeys need another MFA factor beside them."));
            }
        }
        self.keep_factors(&user.username, factors);
        Ok(nothing())
    }

    /// The older switch for SMS alone.
    pub(crate) fn set_user_settings(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        let mut factors = user.factors.clone();
        match request.list("MFAOptions") {
            [] => factors.switch(Method::SmsMfa, Switch::Off),
            [option] if option["DeliveryMedium"] == "SMS" && option["AttributeName"] == "phone_number" => {
                self.check_usable(&user, Method::SmsMfa)?;
                factors.switch(Method::SmsMfa, Switch::On);
            }
            _ => return Err(Refusal::invalid_parameter("Only SMS to phone_number can be set.")),
        }
        self.keep_factors(&user.username, factors);
        Ok(nothing())
    }

    pub(crate) fn get_user_auth_factors(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        let mut answer = mfa_members(&user);
        let mut configured: Vec<&str> =
            self.first_factors(&user).into_iter().filter(|name| *name != "PASSWORD_SRP").collect();
        if user.factors.authenticator.is_some() {
            configured.push("SOFTWARE_TOKEN");
        }
        answer.insert("Username".to_owned(), json!(user.username));
        answer.insert("ConfiguredUserAuthFactors".to_owned(), json!(configured));
        Ok(Reply::Body(Value::Object(answer)))
    }

    /// Refuses a second factor that the pool does not have, or that the user lacks something for.
    fn check_usable(&self, user: &User, method: Method) -> Result<(), Refusal> {
        if self.settings.mfa.mode == MfaMode::Off || !self.settings.mfa.methods.contains(&method) {
            return Err(Refusal::invalid_parameter(format!("{} is not enabled for the user pool.", method.name())));
        }
        match (method, user.can_use(method)) {
            (_, true) => Ok(()),
            (Method::SmsMfa, _) => {
                Err(Refusal::invalid_parameter("User does not have delivery config set to turn on SMS_MFA"))
            }
            (Method::EmailOtp, _) => {
                Err(Refusal::invalid_parameter("User does not have delivery config set to turn on EMAIL_OTP"))
            }
            (Method::SoftwareTokenMfa, _) => {
                Err(Refusal::invalid_parameter("User has not verified software token mfa"))
            }
        }
    }

    pub(crate) fn keep_factors(&mut self, username: &str, factors: Factors) {
        if let Some(user) = self.users.named_mut(username) {
            user.factors = factors;
        }
    }

    /// The second factors that a user would be asked for.
    pub(crate) fn second_factors(&self, user: &User) -> Vec<Method> {
        let rules = &self.settings.mfa;
        let usable = |method: &Method| rules.methods.contains(method) && user.can_use(*method);
        match rules.mode {
            MfaMode::Off => Vec::new(),
            _ => user.factors.methods.iter().copied().filter(usable).collect(),
        }
    }

    /// The first factors that a user can choose among; codes are not for those who have a second factor, or must have one.
    pub(crate) fn first_factors(&self, user: &User) -> Vec<&'static str> {
        let single = self.settings.mfa.mode != MfaMode::Required && self.second_factors(user).is_empty();
        let established = user.status == crate::users::Status::Confirmed;
        let mut names = Vec::new();
        for factor in &self.settings.choice.factors {
            match factor {
                FirstFactor::Password if user.verifier.is_some() => names.extend(["PASSWORD", "PASSWORD_SRP"]),
                FirstFactor::EmailOtp if single && established && user.verified_email().is_some() => {
                    names.push("EMAIL_OTP")
                }
                FirstFactor::SmsOtp if single && established && user.verified_phone().is_some() => {
                    names.push("SMS_OTP")
                }
                FirstFactor::WebAuthn if self.admits_passkeys(single) && self.has_passkey(user) => {
                    names.push("WEB_AUTHN")
                }
                FirstFactor::Password | FirstFactor::EmailOtp | FirstFactor::SmsOtp | FirstFactor::WebAuthn => {}
            }
        }
        names
    }
}

/// `UserMFASettingList` and `PreferredMfaSetting`; both are absent where nothing is on.
pub fn mfa_members(user: &User) -> Map<String, Value> {
    let factors = &user.factors;
    let list: Vec<&str> = factors.methods.iter().map(|method| method.name()).collect();
    let list = (!list.is_empty()).then(|| ("UserMFASettingList".to_owned(), json!(list)));
    let preferred = factors.preferred.map(|method| ("PreferredMfaSetting".to_owned(), json!(method.name())));
    list.into_iter().chain(preferred).collect()
}

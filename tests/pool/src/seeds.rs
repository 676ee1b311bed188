//! The users of the demo: one for every situation that a sign-in can come into.

use std::collections::BTreeMap;

use crate::{
    factors::Factors,
    pool::{NewUser, Pool},
    totp::Authenticator,
    users::Status,
    ways::Method::{EmailOtp, SmsMfa, SoftwareTokenMfa},
};

const HEDYS_SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const FRANCES_SECRET: &str = "KRSXG5CTMVRXEZLUKN2HE2LOM5JWK4DS";

impl Pool {
    pub(crate) fn add_demo_users(&mut self) {
        self.seed("ada", Some("Lovelace-1815"), Status::Confirmed, None);
        self.seed("grace", Some("Hopper-1906-tmp"), Status::ForceChangePassword, None);
        if let Some(grace) = self.users.named_mut("grace") {
            grace.required_attributes = Some(vec!["given_name".to_owned()]);
        }

        self.seed("hedy", Some("Lamarr-1914"), Status::Confirmed, None);
        self.seed("radia", Some("Perlman-1951"), Status::Confirmed, Some("+15555550123"));
        self.seed("edith", Some("Clarke-1883!"), Status::Confirmed, None);
        self.seed("frances", Some("Spence-1922!"), Status::Confirmed, Some("+15555550145"));
        let app = |secret: &str, name: &str| Some(Authenticator::new(secret.to_owned(), name.to_owned()));
        let one = |method, authenticator| Factors {
            methods: vec![method],
            preferred: Some(method),
            authenticator,
            associated: None,
        };
        self.keep_factors("hedy", one(SoftwareTokenMfa, app(HEDYS_SECRET, "Hedy's phone")));
        self.keep_factors("radia", one(SmsMfa, None));
        self.keep_factors("edith", one(EmailOtp, None));
        let all = vec![SmsMfa, SoftwareTokenMfa, EmailOtp];
        let authenticator = app(FRANCES_SECRET, "Frances's phone");
        self.keep_factors("frances", Factors { methods: all, preferred: None, authenticator, associated: None });

        self.seed("annie", Some("Easley-1933"), Status::Confirmed, Some("+15555550167"));
        self.seed("lynn", None, Status::Confirmed, Some("+15555550189"));
        self.seed("alan", Some("Turing-1912!"), Status::Confirmed, None);
        if let Some(alan) = self.users.named_mut("alan") {
            alan.enabled = false;
        }
        self.seed("ida", Some("Rhodes-1900!"), Status::ResetRequired, None);
        self.seed("kay", Some("McNulty-1921"), Status::Unconfirmed, None);
    }

    /// Adds a user with the e-mail address `<name>@example.com` and perhaps a phone number, proven unless the user is new.
    fn seed(&mut self, username: &str, password: Option<&str>, status: Status, number: Option<&str>) {
        let email = format!("{username}@example.com");
        let mut attributes = BTreeMap::new();
        for (name, value) in [("email", Some(email.as_str())), ("phone_number", number)] {
            let Some(value) = value else { continue };
            attributes.insert(name.to_owned(), value.to_owned());
            if status != Status::Unconfirmed {
                attributes.insert(format!("{name}_verified"), "true".to_owned());
            }
        }
        self.add_user(NewUser { username, password, status, attributes });
    }
}

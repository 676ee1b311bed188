//! The sign-in pages: what their forms do, and which page comes next.

use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::{
    authorize::{Asking, Prompt},
    call::{Call, Told, cookie},
    outside,
    pages::Sheet,
};
use crate::{
    course::Passed,
    form::Form,
    pool::{Pool, Reply},
    refusal::Refusal,
};

/// How long the language is remembered, in seconds.
const LANG_SECONDS: i64 = 365 * 86_400;

impl Pool {
    /// A page, or what its form asks for.
    pub(super) fn visit(&mut self, call: &Call) -> Told {
        let asking = match Asking::read(&call.query, &self.settings.hosted) {
            Ok(asking) => asking,
            Err(told) => return *told,
        };
        let told = if call.method == "GET" {
            self.open(&asking, call)
        } else {
            match call.form.as_ref().filter(|form| form.text("_csrf") == call.xsrf) {
                Some(form) => self.submit(&asking, call, form),
                None => Told::fault(403, "invalid_request", "This form was not sent from here."),
            }
        };
        match asking.lang {
            Some(lang) => told.set("set-cookie", &cookie("lang", lang, Some(LANG_SECONDS))),
            None => told,
        }
    }

    fn open(&mut self, asking: &Asking, call: &Call) -> Told {
        let sheet = self.sheet(asking, call);
        match call.path.as_str() {
            "/login" if asking.prompt == Prompt::Never => self.authorize(call),
            "/login" => match asking.provider.as_deref().and_then(outside::of_name) {
                Some(provider) => self.leave_for(provider, asking.clone(), call),
                None => Told::page(200, sheet.login("", asking.login_hint.as_deref().unwrap_or_default())),
            },
            "/signup" => Told::page(200, sheet.sign_up("", &self.settings.required_attributes)),
            "/forgotPassword" => Told::page(200, sheet.forgot_password("")),
            _ => wrong_method("This page is not opened by itself."),
        }
    }

    fn submit(&mut self, asking: &Asking, call: &Call, form: &Form) -> Told {
        let sheet = self.sheet(asking, call);
        let (username, path) = (form.text("username"), call.path.as_str());
        let (operation, mut body) = match path {
            "/login" => {
                let passed = match self.takes_passwords(&asking.client) {
                    true => self.check_password(username, form.text("password")),
                    false => Err(Refusal::wrong_credentials()),
                };
                return self.passed(asking, &sheet, username, passed);
            }
            "/newPassword" => return self.choose_password(asking, &sheet, form),
            "/signup" => ("SignUp", sign_up(form)),
            "/confirm" => ("ConfirmSignUp", json!({ "ConfirmationCode": form.text("code") })),
            "/resendcode" => ("ResendConfirmationCode", json!({})),
            "/forgotPassword" => ("ForgotPassword", json!({})),
            "/confirmForgotPassword" => (
                "ConfirmForgotPassword",
                json!({ "ConfirmationCode": form.text("code"), "Password": form.text("password") }),
            ),
            _ => return wrong_method("Nothing is sent to this page."),
        };
        body["ClientId"] = json!(asking.client);
        body["Username"] = json!(username);
        match (self.operate(operation, body.to_string().as_bytes()), path) {
            (Err(refusal), path) => {
                let message = refusal.message.as_str();
                let html = match path {
                    "/signup" => sheet.sign_up(message, &self.settings.required_attributes),
                    "/confirm" | "/resendcode" => sheet.confirm(message, username),
                    "/forgotPassword" => sheet.forgot_password(message),
                    _ => sheet.reset_password(message, username),
                };
                Told::page(200, html).named(refusal.name)
            }
            (Ok(Reply::Body(body)), "/signup") if body["UserConfirmed"] == true => sheet.to_login(),
            (Ok(_), "/signup" | "/resendcode") => Told::page(200, sheet.confirm("", username)),
            (Ok(_), "/forgotPassword") => Told::page(200, sheet.reset_password("", username)),
            (Ok(_), _) => sheet.to_login(),
        }
    }

    /// What follows a password: the way back, or another page.
    fn passed(&mut self, asking: &Asking, sheet: &Sheet, username: &str, passed: Result<Passed, Refusal>) -> Told {
        let refusal = match passed {
            Ok(Passed::Whole(course)) => return self.welcome(asking, course.username, outside::OWN),
            Ok(Passed::Asked(challenge)) if challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED" => {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let username = text(&challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]);
                return Told::page(200, self.new_password_page(sheet, "", &username, &text(&challenge["Session"])));
            }
            Ok(Passed::Asked(_)) => Refusal::invalid_parameter("The challenge cannot be answered on these pages."),
            Err(refusal) => refusal,
        };
        let html = match refusal.name {
            "UserNotConfirmedException" => sheet.confirm(&refusal.message, username),
            "PasswordResetRequiredException" => sheet.forgot_password(&refusal.message),
            _ => sheet.login(&refusal.message, username),
        };
        Told::page(200, html).named(refusal.name)
    }

    /// Takes the password that replaces a temporary one.
    fn choose_password(&mut self, asking: &Asking, sheet: &Sheet, form: &Form) -> Told {
        let named = |(name, value)| match name {
            "username" => Some(("USERNAME", value)),
            "password" => Some(("NEW_PASSWORD", value)),
            name => name.starts_with("userAttributes.").then_some((name, value)),
        };
        let given: BTreeMap<&str, &str> = form.pairs().filter_map(named).collect();
        let (username, session) = (form.text("username"), form.text("session"));
        match self.answer_challenge("NEW_PASSWORD_REQUIRED", session, given) {
            // The Session is open again after this one.
            Err(refusal) if refusal.name == "InvalidPasswordException" => {
                Told::page(200, self.new_password_page(sheet, &refusal.message, username, session)).named(refusal.name)
            }
            passed => self.passed(asking, sheet, username, passed),
        }
    }

    fn new_password_page(&self, sheet: &Sheet, message: &str, username: &str, session: &str) -> String {
        let user = self.users.named(username);
        let missing = user.map(|user| user.missing_attributes(&self.settings)).unwrap_or_default();
        sheet.new_password(message, username, session, &missing)
    }

    fn takes_passwords(&self, client: &str) -> bool {
        let client = self.settings.hosted.clients.get(client);
        client.is_some_and(|client| client.providers.iter().any(|name| name == outside::OWN))
    }

    fn sheet(&self, asking: &Asking, call: &Call) -> Sheet {
        let remembered = call.cookies.get("lang").map(String::as_str);
        let providers = self.settings.hosted.clients.get(&asking.client).map(|client| client.providers.clone());
        let mut providers = providers.unwrap_or_default();
        // Who chose a provider is not shown the others.
        providers.retain(|name| asking.provider.as_ref().is_none_or(|chosen| chosen == name));
        Sheet {
            query: call.query.written(),
            xsrf: call.xsrf.clone(),
            lang: asking.lang.or(remembered).unwrap_or_default().to_owned(),
            providers,
        }
    }
}

fn wrong_method(description: &str) -> Told {
    Told::fault(405, "invalid_request", description)
}

/// What SignUp takes: the password, and every other field as an attribute.
fn sign_up(form: &Form) -> Value {
    let attributes: Vec<Value> = form
        .pairs()
        .filter(|(name, value)| !matches!(*name, "_csrf" | "username" | "password") && !value.is_empty())
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    json!({ "Password": form.text("password"), "UserAttributes": attributes })
}

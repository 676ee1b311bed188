"""The pool's triggers. A custom sign-in: two sums have to be right, and one may be wrong; after a password's proof, one sum."""


def define(event, _):
    past = event["request"]["session"]
    proved = any(one["challengeName"] == "PASSWORD_VERIFIER" and one["challengeResult"] for one in past)
    answers = [one["challengeResult"] for one in past if one["challengeName"] == "CUSTOM_CHALLENGE"]
    issue, fail = answers.count(True) == (1 if proved else 2), answers.count(False) == 2
    challenge = "PASSWORD_VERIFIER" if [one["challengeName"] for one in past] == ["SRP_A"] else "CUSTOM_CHALLENGE"
    event["response"] = {"issueTokens": issue, "failAuthentication": fail, "challengeName": None if issue or fail else challenge}
    return event


def create(event, _):
    number = len(event["request"]["session"]) + 1
    event["response"] = {
        "publicChallengeParameters": {"sum": f"{number} + {number}", "hint": event["request"]["clientMetadata"].get("hint", "none")},
        "privateChallengeParameters": {"answer": str(2 * number)},
        "challengeMetadata": f"SUM_{number}",
    }
    return event


def verify(event, _):
    answer = event["request"]["challengeAnswer"]
    if answer == "a poem":
        raise ValueError("Numbers only.")
    event["response"]["answerCorrect"] = answer == event["request"]["privateChallengeParameters"]["answer"]
    return event


def sign_up(event, _):
    email = event["request"]["userAttributes"]["email"]
    if email.endswith("@example.net"):
        raise ValueError("Not from there.")
    event["response"].update(autoConfirmUser=email.endswith("@example.org"), autoVerifyEmail=email.endswith("@example.org"))
    return event


def tokens(event, _):
    hint = event["request"].get("clientMetadata", {}).get("hint", "none")
    event["response"] = {"claimsOverrideDetails": {"claimsToAddOrOverride": {"hint": hint, "source": event["triggerSource"]}}}
    return event

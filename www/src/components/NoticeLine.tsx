// Says what happened to the session, where one signs in; the region is always there, so that what appears in it is read aloud.
import { useAuth } from "cognito-vault/react";
import { useNotice } from "../notice";
import { useWay } from "../route";

export function NoticeLine() {
  const { status } = useAuth();
  const notice = useNotice();
  const way = useWay();
  return <p role="status" className="notice">{status === "signedOut" && way.startsWith("sign-in") && notice}</p>;
}

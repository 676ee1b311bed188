// What a step's page needs of the flow that it belongs to.
import type { useSignIn, useSignUp } from "cognito-vault/react";

export type SignInFlow = ReturnType<typeof useSignIn>;
export type SignUpFlow = ReturnType<typeof useSignUp>;

// The names that keep vaults apart: of other versions and configurations of this package, and of other pools and clients.

import type { VaultConfig } from "./engine.js";

/** The version of this package, which the build puts here. */
declare const VERSION: string;

/** A worker's name: pages share a worker only where all of this is the same, and a worker takes no other configuration than its name says. */
export const vaultName = (config: VaultConfig, wasmUrl: string | undefined): string => `cognito-vault:${VERSION}:${JSON.stringify([config, wasmUrl])}`;

/** What engines of the same pool and client meet under: their lock, their channel and their storage. */
export const placeOf = ({ userPoolId, clientId }: { readonly userPoolId: string; readonly clientId: string }): string => `cognito-vault:${userPoolId}:${clientId}`;

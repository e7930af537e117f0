// The two accounts: where their credentials come from, whether they work. Keeps no secret in the configuration itself.
import { dirname, join } from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { needed, type Questions } from './questions.ts';

/** A secret, and how the configuration refers to it. */
export interface Secret {
  readonly value: string;
  /** `${NAME}`, or null: it is written to a file of its own. */
  readonly reference: string | null;
  readonly file: string;
}

export interface Credentials {
  readonly sellUrl: string | undefined;
  readonly sellToken: Secret;
  readonly dotdigitalUrl: string | undefined;
  readonly user: string;
  /** The user comes from the environment too. */
  readonly userReference: string | null;
  readonly password: Secret;
}

export interface CredentialOptions {
  readonly sellUrl?: string | undefined;
  readonly dotdigitalUrl?: string | undefined;
  readonly dotdigitalUser?: string | undefined;
}

export const TOKEN = 'SELL_ACCESS_TOKEN';
const USER = 'DOTDIGITAL_USER';
export const PASSWORD = 'DOTDIGITAL_PASSWORD';

/** What the environment holds is taken from there; the rest is asked for. */
export async function credentialsFrom(
  questions: Questions,
  env: Environment,
  options: CredentialOptions,
  place: { readonly configFile: string; readonly name: string; readonly asks: boolean },
): Promise<Credentials> {
  const folder = join(dirname(place.configFile), 'lockstep-secrets');
  const secret = async (variable: string, message: string, file: string): Promise<Secret> => {
    const held = env[variable];
    const path = join(folder, `${place.name}-${file}`);
    if (held !== undefined && held !== '') return { value: held, reference: `\${${variable}}`, file: path };
    if (!place.asks) throw needed(`the environment variable ${variable}`);
    return { value: await questions.secret(message), reference: null, file: path };
  };
  const sellToken = await secret(TOKEN, 'Sell access token (scopes read, write, profile, sync)', 'sell-token');
  const userHeld = env[USER];
  const given = options.dotdigitalUser;
  if (given === undefined && (userHeld === undefined || userHeld === '') && !place.asks)
    throw needed(`--dotdigital-user, or the environment variable ${USER},`);
  const user = given ?? (userHeld || (await questions.text('Dotdigital API user (apiuser-…@apiconnector.com)')));
  const password = await secret(PASSWORD, 'Password of the API user', 'dotdigital-password');
  return {
    sellUrl: options.sellUrl,
    sellToken,
    dotdigitalUrl: options.dotdigitalUrl,
    user,
    userReference: given === undefined && userHeld !== undefined && userHeld !== '' ? `\${${USER}}` : null,
    password,
  };
}

/** The two accounts as the configuration names them. */
export function accountsOf(credentials: Credentials): { readonly sell: object; readonly dotdigital: object } {
  const { sellUrl, sellToken, dotdigitalUrl, user, userReference, password } = credentials;
  return {
    sell: {
      ...(sellUrl === undefined ? {} : { url: sellUrl }),
      ...(sellToken.reference === null ? { accessTokenFile: sellToken.file } : { accessToken: sellToken.reference }),
    },
    dotdigital: {
      ...(dotdigitalUrl === undefined ? {} : { url: dotdigitalUrl }),
      user: userReference ?? user,
      ...(password.reference === null ? { passwordFile: password.file } : { password: password.reference }),
    },
  };
}

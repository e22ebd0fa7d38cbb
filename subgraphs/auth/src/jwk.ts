// A public key of P-256 as JWKS publishes it (RFC 7517).
export interface JWK {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

export { ImportedKey } from './component/imported-key';
export { importedKeyPolicy } from './domain/key-policy';
export { ByokError } from './errors';
export { ImportedKeyMaterial } from './resources/imported-key-material';
export { KmsByokProvider } from './resources/kms-byok-provider';
export { OnDemandRotation } from './resources/on-demand-rotation';

export type {
  ExpiryAlarmArgs,
  ImportedKeyArgs,
  KeyAccessArgs,
  KeyConnectionArgs,
  ReplicaArgs,
} from './component/args';
export type { CheckValue, CheckValueMethod } from './domain/check-value';
export type { KeyAccess } from './domain/key-policy';
export type { ExpirationModel } from './domain/expiry';
export type { ImportType } from './domain/import-type';
export type { ImportableKeySpec } from './domain/key-specs';
export type { WrappingAlgorithm, WrappingKeySpec } from './domain/key-specs';
export type { Transport } from './domain/transport';
export type { ByokErrorCode } from './errors';
export type { Encoding } from './material/encoding';
export type { SourceReference } from './material/references';
export type {
  AssumeRoleArgs,
  ConnectionArgs,
  EndpointsArgs,
  ImportedKeyMaterialArgs,
  MaterialArgs,
  PassphraseArgs,
  PinArgs,
  Pkcs11Args,
  SecretsManagerArgs,
  SsmParameterArgs,
  TimeoutsArgs,
  ListPlaceArgs,
  WrappedArgs,
} from './provider/args';
export type { ImportReceipt } from './domain/import-receipt';
export type { KmsByokProviderArgs } from './resources/kms-byok-provider';
export type {
  OnDemandRotationArgs,
  RotationTimeoutsArgs,
} from './provider/on-demand-rotation/args';

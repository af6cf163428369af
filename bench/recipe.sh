#!/bin/sh
# Runs the commands of "Importing key material" in the AWS KMS Developer Guide for each key in turn:
# get-parameters-for-import, openssl pkeyutl, import-key-material.
# usage: recipe.sh MATERIAL KEY...
set -eu
material=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for key in "$@"; do
  aws kms get-parameters-for-import \
    --key-id "$key" \
    --wrapping-algorithm RSAES_OAEP_SHA_256 \
    --wrapping-key-spec RSA_4096 \
    --query '[PublicKey,ImportToken]' --output text >"$folder/parameters"
  cut -f 1 "$folder/parameters" | openssl enc -d -base64 -A -out "$folder/WrappingPublicKey.bin"
  cut -f 2 "$folder/parameters" | openssl enc -d -base64 -A -out "$folder/ImportToken.bin"
  openssl pkeyutl -encrypt \
    -in "$material" \
    -out "$folder/EncryptedKeyMaterial.bin" \
    -inkey "$folder/WrappingPublicKey.bin" -keyform DER -pubin \
    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256
  aws kms import-key-material \
    --key-id "$key" \
    --encrypted-key-material "fileb://$folder/EncryptedKeyMaterial.bin" \
    --import-token "fileb://$folder/ImportToken.bin" \
    --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE
done

package main

import (
	"example.com/pulumi-kms-byok/sdk/go/kmsbyok"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		rootKey, err := kmsbyok.NewImportedKey(ctx, "root-key", &kmsbyok.ImportedKeyArgs{
			Description: pulumi.String("Root key with material of our own"),
			Alias:       pulumi.String("kms-byok/quickstart-go"),
			Materials: kmsbyok.MaterialArray{
				// 32 random bytes, for example from: openssl rand -out material.bin 32
				&kmsbyok.MaterialArgs{File: pulumi.String("material.bin")},
			},
			DeletionWindowInDays: pulumi.Float64(7),
			// Allows you to destroy the quickstart. Leave this out for a key that you want to keep.
		}, pulumi.Protect(false))
		if err != nil {
			return err
		}
		ctx.Export("keyArn", rootKey.KeyArn)
		ctx.Export("currentKeyMaterialId", rootKey.CurrentKeyMaterialId)
		ctx.Export("rotationsRemaining", rootKey.RotationsRemaining)
		return nil
	})
}

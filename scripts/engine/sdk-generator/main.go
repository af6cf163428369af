// Command sdk-generator writes the SDK of a Pulumi schema in one language into a folder, as Pulumi's own language
// hosts do for `pulumi package add` and `pulumi package gen-sdk`.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "pulumi-kms-byok-tests"

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: sdk-generator nodejs|python|go SCHEMA FOLDER"))
	}
	if err := generate(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fail(err)
	}
}

func generate(language, file, folder string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	bound, diagnostics, err := schema.BindSpec(spec, noOtherPackages{}, schema.ValidationOptions{})
	if err != nil {
		return err
	}
	if len(diagnostics) > 0 {
		return diagnostics
	}
	files, err := filesOf(language, bound)
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func filesOf(language string, bound *schema.Package) (map[string][]byte, error) {
	switch language {
	case "nodejs":
		return nodejs.GeneratePackage(tool, bound, nil, nil, true, nil)
	case "python":
		return python.GeneratePackage(tool, bound, nil, nil)
	case "go":
		return golang.GeneratePackage(tool, bound, nil)
	default:
		return nil, fmt.Errorf("no generator for %s", language)
	}
}

// The schema refers to no other package, so none is loaded.
type noOtherPackages struct{ schema.Loader }

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Wraps 32 bytes under RSA-OAEP with SHA-256 by the standard library, and prints the seconds of processor time.
//
// usage: wrap FILE COUNT, with the SubjectPublicKeyInfo of the wrapping key in the file
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

func seconds() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	in := func(time syscall.Timeval) float64 { return float64(time.Sec) + float64(time.Usec)/1e6 }
	return in(usage.Utime) + in(usage.Stime)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	spki, err := os.ReadFile(os.Args[1])
	check(err)
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	material := make([]byte, 32)
	_, err = rand.Read(material)
	check(err)
	wrap := func() {
		// Read anew each time, as an import does.
		key, err := x509.ParsePKIXPublicKey(spki)
		check(err)
		_, err = rsa.EncryptOAEP(sha256.New(), rand.Reader, key.(*rsa.PublicKey), material, nil)
		check(err)
	}
	for range 100 {
		wrap()
	}
	start := seconds()
	for range count {
		wrap()
	}
	fmt.Println(seconds() - start)
}

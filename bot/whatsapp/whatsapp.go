// Package whatsapp is a device linked to the office's WhatsApp number.
package whatsapp

import (
	_ "github.com/jackc/pgx/v5/stdlib" // the session's database
	_ "go.mau.fi/whatsmeow"            // the protocol
	_ "go.mau.fi/whatsmeow/store/sqlstore"
	_ "google.golang.org/protobuf/proto"
	_ "modernc.org/sqlite" // the session's file
	_ "rsc.io/qr"
)

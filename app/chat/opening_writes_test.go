package chat

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What keeps a page that shows what a statement changes from being shown again.
const (
	byEntry    = "an entry in the same transaction: last_seq is in the key"
	byErased   = "erased_seq is in the key"
	byEpoch    = "epoch is in the key"
	byCast     = "people and mentions are in the version of the cast"
	byEntrance = "it comes with the entrance of each request, and is in no page that is kept"
	notShown   = "no page of a room shows it"
	notEntered = "nobody enters a room that is closed or deleted"
)

// pageWrites are the functions and constants of db that change a table of which a room's page shows something. One that
// is new needs a reason here, and one that has none must raise a seq.
var pageWrites = map[string]string{
	"raiseSaid": byEntry, "SetLastSaid": byEntry, "NextSeq": byEntry, "NextSeqOfAny": byEntry, "CloseRoom": byEntry, "ReopenRoom": byEntry, "ReserveSeqs": byEntry,
	"SetEdited": byEntry, "EraseMessage": byEntry + ", or " + byErased, "SetDeletedBy": byEntry, "TakeBackMentions": byEntry,
	"deleteMentionsOf": byEntry + ", or " + byErased, "dropPhotos": byEntry + ", or " + byErased, "RemovePin": byEntry + ", or " + byErased,
	"ClaimPhoto": byEntry, "AddPin": byEntry, "EndMember": byEntry, "EndMembers": byEntry, "addMember": byEntry, "changeMemberCount": byEntrance,
	"AdvanceErased": byErased, "ChangeEpochs": byEpoch, "SetProfile": byCast, "SetUserPhoto": byCast, "EraseUser": byCast, "DeleteMentionsOf": byCast,
	"SetRoomName": byEntrance, "SetRoomPhoto": byEntrance, "SetRoomAbout": byEntrance, "SetRoomOwner": byEntrance, "SetSlowMode": byEntrance,
	"SetOnlyModerators": byEntrance, "SetModerator": byEntrance, "SetNotifyLevel": byEntrance, "MarkRead": byEntrance, "MarkUnread": byEntrance,
	"SetRoomKind": byEntrance, "RecountMembers": byEntrance, "setMakers": byEntrance, "SetChosen": byEntrance,
	"SetRetention": byEntrance, "SetRoomDefault": byEntrance, "LockRoom": "it changes nothing",
	"BeginRemoval": notEntered, "EraseSome": notEntered, "eraseMessages": notEntered, "eraseMembers": notEntered,
	"AskDeletion": notShown, "TakeBackDeletion": notShown, "FinishDeletion": notShown, "SealUser": notShown, "ForgetKeys": notShown, "SetAdmin": notShown,
	"SetSuspended": notShown, "deletePhoto": notShown, "LockUser": notShown, "SetNotice": notShown, "ClearNotice": notShown, "SetSeen": notShown,
	"SetPresenceVisibility": notShown, "SetNotifications": notShown, "SetLocale": notShown, "SetReadingMode": notShown, "SetPasswordHash": notShown, "ReplacePasswordHash": notShown,
	"somethingWaits": notShown, "SettleWaiting": notShown, "RecountWaiting": notShown,
}

var writesTable = regexp.MustCompile(`(UPDATE|DELETE FROM|INSERT INTO) (messages|members|rooms|users|photos|mentions|pins)\b`)

// TestEveryWriteReachesThePages checks that the list has every statement that writes to one of these tables.
func TestEveryWriteReachesThePages(t *testing.T) {
	files, err := filepath.Glob("../../db/*.go")
	must(t, err)
	found := map[string]bool{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		must(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		must(t, err)
		for _, d := range file.Decls {
			for name := range namesWithWrites(d) {
				found[name] = true
				if pageWrites[name] == "" {
					t.Errorf("%s in %s writes to a table that room pages show, and is not in the list of this test", name, filepath.Base(path))
				}
			}
		}
	}
	for name := range pageWrites {
		if !found[name] {
			t.Errorf("%s is in the list, and writes to none of the tables", name)
		}
	}
}

// namesWithWrites returns which function or constants of a declaration have such a statement.
func namesWithWrites(d ast.Decl) map[string]bool {
	found := map[string]bool{}
	look := func(name string, in ast.Node) {
		ast.Inspect(in, func(n ast.Node) bool {
			if lit, is := n.(*ast.BasicLit); is && writesTable.MatchString(lit.Value) {
				found[name] = true
			}
			return true
		})
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		look(d.Name.Name, d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, is := spec.(*ast.ValueSpec); is {
				look(v.Names[0].Name, v)
			}
		}
	}
	return found
}

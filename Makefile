# NexaDB: everything is made under build/. `make run` serves, `make check` proves; README.md says more.
#
#   make                build/nexadb                   make check [T=name]   every test, or those whose path has name
#   make run            build and serve ./data         make asan | tsan      the tests under sanitizers
#   make hostile        the tests with tiny limits     make coverage         the tests, with lines covered
#   make bench          against PostgreSQL 15          make bench-storage    the engine against RocksDB
#   make demo           the Debian package index

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SECONDARY:

# ---- Debian packages ---------------------------------------------------------------------------------------
# One list of what a build, the tests and the benchmarks need; tests/packages.sh installs what is missing.
PACKAGES_BUILD := gcc libc6-dev lemon tzdata libcjson-dev libxxhash-dev liblz4-dev libzstd-dev libgmp-dev \
                  libmpfr-dev libpcre2-dev libjemalloc-dev libssl-dev libmicrohttpd-dev
PACKAGES_TEST  := perl libcmocka-dev libpq-dev postgresql-client-15
PACKAGES_BENCH := postgresql-15 postgresql-client-15 librocksdb-dev g++

# ---- variants ----------------------------------------------------------------------------------------------
# make asan and make tsan call this Makefile again with VARIANT set; each has its own folder.
VARIANT ?=
BUILD   := build$(if $(VARIANT),/$(VARIANT))

CC       ?= gcc
WERROR   ?= -Werror
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla $(WERROR)
CPPFLAGS := -D_GNU_SOURCE -I. -I$(BUILD) -I$(BUILD)/generated
CFLAGS   ?= -O2 -g
CFLAGS   += -std=gnu17 -fno-strict-aliasing -fno-omit-frame-pointer -fno-math-errno -pthread
LDFLAGS  += -pthread
LIBS     := -lcjson -llz4 -lzstd -lgmp -lmpfr -lpcre2-8 -lssl -lcrypto -lmicrohttpd -lm
ALLOCATOR := -ljemalloc

ifeq ($(VARIANT),asan)
CFLAGS    += -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -DNEXA_DEBUG
LDFLAGS   += -fsanitize=address,undefined
ALLOCATOR :=
endif
ifeq ($(VARIANT),tsan)
CFLAGS    += -O1 -fsanitize=thread -DNEXA_DEBUG
LDFLAGS   += -fsanitize=thread
ALLOCATOR :=
endif
ifeq ($(VARIANT),hostile)
CFLAGS    += -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -DNEXA_DEBUG -DNEXA_HOSTILE
LDFLAGS   += -fsanitize=address,undefined
ALLOCATOR :=
endif
ifeq ($(VARIANT),coverage)
CFLAGS    += -O0 --coverage
LDFLAGS   += --coverage
endif

# ---- sources -----------------------------------------------------------------------------------------------
FLOORS   := base types storage parser executor wire
SOURCES  := $(shell find $(FLOORS) -name '*.c' | sort)
LIBRARY_SOURCES := $(filter-out %_test.c %_fuzz.c %_bench.c wire/main.c,$(SOURCES))
UNIT_TESTS      := $(filter %_test.c,$(SOURCES))
TAP_TESTS       := $(sort $(wildcard tests/tap/*.c))
TAP_SUPPORT     := $(sort $(wildcard tests/support/*.c))

GENERATED_OBJECTS := $(if $(wildcard parser/sql.y),$(BUILD)/generated/parser/sql.o)
LIBRARY_OBJECTS   := $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o) $(GENERATED_OBJECTS)
LIBRARY           := $(BUILD)/libnexadb.a
UNIT_PROGRAMS     := $(UNIT_TESTS:%.c=$(BUILD)/tests/%)
TAP_PROGRAMS      := $(TAP_TESTS:%.c=$(BUILD)/%)
SUPPORT_OBJECTS   := $(TAP_SUPPORT:%.c=$(BUILD)/%.o)
PROGRAM           := $(if $(wildcard wire/main.c),$(BUILD)/nexadb)
SQLRUN            := $(if $(wildcard tests/sqlrun.c),$(BUILD)/tests/sqlrun)

.PHONY: all
all: $(PROGRAM) $(LIBRARY)

# Commands are shown in short; V=1 shows them whole.
Q   := $(if $(V),,@)
SAY  = $(if $(V),,@echo "$(1)	$(2)")

# ---- compiling ---------------------------------------------------------------------------------------------
# Objects depend on a file that holds the flags, so that a change of flags builds everything anew.
FLAGS_FILE := $(BUILD)/flags
FLAGS_NOW  := $(CC) $(CPPFLAGS) $(CFLAGS) $(WARNINGS)
ifneq ($(file <$(FLAGS_FILE)),$(FLAGS_NOW))
$(shell mkdir -p $(BUILD))
$(file >$(FLAGS_FILE),$(FLAGS_NOW))
endif

# Generated headers are includes of the lexer and others, so they exist before any object.
GENERATED_HEADERS := $(addprefix $(BUILD)/generated/parser/,sql.h keyword_table.h ast_tags.h ast_fields.h)

$(BUILD)/%.o: %.c $(FLAGS_FILE) | $(GENERATED_HEADERS)
	@mkdir -p $(@D)
	$(call SAY,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<

$(LIBRARY): $(LIBRARY_OBJECTS)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/nexadb: $(BUILD)/wire/main.o $(LIBRARY)
	$(call SAY,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(ALLOCATOR)

# ---- generated: the grammar put together (Lemon has no include), the keywords' table, descriptions of the AST ----
GENERATED := $(BUILD)/generated/parser
GRAMMAR   := parser/sql.y $(sort $(wildcard parser/grammar/*.y))
AST       := $(addprefix parser/,ast_node.h ast_expr.h ast_query.h ast_object.h ast_ddl.h ast_object_stmt.h ast_utility.h)

$(GENERATED)/sql.y: parser/keywords.awk parser/keywords.def $(GRAMMAR)
	@mkdir -p $(@D)
	$(Q)awk -f parser/keywords.awk parser/keywords.def $(GRAMMAR) > $@

$(GENERATED)/sql.c: $(GENERATED)/sql.y
	$(call SAY,LEMON,$<)
	$(Q)lemon -q $<

$(GENERATED)/sql.h: $(GENERATED)/sql.c

$(GENERATED)/keyword_table.h: parser/keyword_table.awk parser/keywords.def
	@mkdir -p $(@D)
	$(Q)awk -f parser/keyword_table.awk parser/keywords.def > $@

$(GENERATED)/ast_tags.h: parser/ast_fields.awk $(AST)
	@mkdir -p $(@D)
	$(Q)awk -v what=tags -f parser/ast_fields.awk $(AST) > $@

$(GENERATED)/ast_fields.h: parser/ast_fields.awk $(AST)
	@mkdir -p $(@D)
	$(Q)awk -v what=fields -f parser/ast_fields.awk $(AST) > $@

$(GENERATED)/sql.o: $(GENERATED)/sql.c $(FLAGS_FILE) | $(GENERATED_HEADERS)
	$(call SAY,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -Iparser $(CFLAGS) $(WARNINGS) -Wno-unused-parameter -Wno-unused-variable -Wno-missing-prototypes \
	    -Wno-shadow -Wno-sign-compare -MMD -MP -c -o $@ $<

# ---- tests -------------------------------------------------------------------------------------------------
# This test puts a catalog of its own in the store's place: its definitions come first and count.
$(BUILD)/tests/executor/analyze/analyze_test: LDFLAGS += -Wl,-z,muldefs

$(BUILD)/tests/%_test: $(BUILD)/%_test.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call SAY,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS) $(ALLOCATOR)

$(BUILD)/tests/tap/%.o $(BUILD)/tests/support/%.o $(BUILD)/tests/sqlrun.o: CPPFLAGS += -I/usr/include/postgresql
$(BUILD)/tests/tap/%: $(BUILD)/tests/tap/%.o $(SUPPORT_OBJECTS)
	@mkdir -p $(@D)
	$(call SAY,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lpq
$(BUILD)/tests/sqlrun: $(BUILD)/tests/sqlrun.o $(SUPPORT_OBJECTS)
	$(call SAY,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lpq

# T=name runs the tests whose path contains it.
T ?=
ALL_TESTS = $(UNIT_PROGRAMS) $(TAP_PROGRAMS) $(sort $(wildcard tests/tap/*.pl)) $(if $(SQLRUN),tests/sql.sh)
RUN_TESTS = $(if $(T),$(foreach test,$(ALL_TESTS),$(if $(findstring $(T),$(test)),$(test))),$(ALL_TESTS))

.PHONY: check tests check-only
check: packages-test
	@$(MAKE) --no-print-directory tests check-only
tests: all $(UNIT_PROGRAMS) $(TAP_PROGRAMS) $(SQLRUN)
check-only: tests
	NEXADB_BUILD=$(BUILD) CM_OUTPUT=TAP CMOCKA_MESSAGE_OUTPUT=TAP prove -e '' -j2 $(RUN_TESTS)

.PHONY: print-tests
print-tests:
	@echo $(RUN_TESTS)

.PHONY: asan tsan hostile coverage
asan hostile: packages-test
	@$(MAKE) --no-print-directory VARIANT=$@ check-only
tsan: packages-test
	@TSAN_OPTIONS="second_deadlock_stack=1 $$TSAN_OPTIONS" $(MAKE) --no-print-directory VARIANT=tsan check-only
coverage: packages-test
	@$(MAKE) --no-print-directory VARIANT=coverage check-only
	gcov -n -r $$(find build/coverage -name '*.gcda') | awk '/^File/ {f=$$2} /^Lines/ {print $$2, f}' | sort -u

# ---- the demonstration: Debian's package index; RECORDS=file for other records, KEEP=1 leaves the server running ----------
.PHONY: demo
demo: packages-test
	@$(MAKE) --no-print-directory $(BUILD)/nexadb
	@NEXADB=$(BUILD)/nexadb examples/debian/demo.sh $(RECORDS)

# ---- benchmarks --------------------------------------------------------------------------------------------
$(BUILD)/bench/%.o: CPPFLAGS += -I/usr/include/postgresql
$(BUILD)/bench/bench: $(BUILD)/bench/bench.o $(BUILD)/bench/peer.o
	$(call SAY,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lpq -lm

# BENCH="--documents 100000 --rounds 3" passes options on.
.PHONY: bench
bench: packages-bench
	@$(MAKE) --no-print-directory all $(BUILD)/bench/bench
	NEXADB_BUILD=$(BUILD) $(BUILD)/bench/bench $(BENCH)

# ---- serving -----------------------------------------------------------------------------------------------
.PHONY: run
run: packages-build
	@$(MAKE) --no-print-directory all
	$(BUILD)/nexadb serve --data data --listen 127.0.0.1 --port 5433

# ---- packages ----------------------------------------------------------------------------------------------
.PHONY: packages-build packages-test packages-bench
packages-build:
	@tests/packages.sh $(PACKAGES_BUILD)
packages-test:
	@tests/packages.sh $(PACKAGES_BUILD) $(PACKAGES_TEST)
packages-bench:
	@tests/packages.sh $(PACKAGES_BUILD) $(PACKAGES_TEST) $(PACKAGES_BENCH)

.PHONY: clean
clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

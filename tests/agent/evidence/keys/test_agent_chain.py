"""Installing what an authority issued: sorted, checked, put into its place at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from cryptography import x509

from agent.errors import AgentError
from agent.evidence.keys import agent_chain
from agent.evidence.keys.agent_chain import install_chain, issued_chain, read_chain_files
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.trust.certificates import read_pem
from agent.evidence.trust.store import TrustStore
from tests.agent.evidence.made import OPENED, make_certificate, new_key, pem

COMMITS = x509.KeyUsage(True, True, False, False, False, False, False, False, False)


@dataclass
class Company:
    """A company's test root for its agents, and an authority between it and them."""

    root_key: object = field(default_factory=new_key)
    between_key: object = field(default_factory=new_key)

    def __post_init__(self) -> None:
        self.root = make_certificate(
            "TEST agents root", self.root_key, "TEST agents root", self.root_key, authority=True
        )
        self.between = self.certify(
            "TEST agents 2026", self.between_key, "TEST agents root", self.root_key, authority=True
        )

    def certify(self, subject, key, issuer, issuer_key, **wanted) -> x509.Certificate:
        return make_certificate(subject, key, issuer, issuer_key, **wanted)

    def agent(self, key: AgentKey, **wanted) -> x509.Certificate:
        usage = {"usage": False, "extra": (COMMITS, True)}
        return self.certify("bench 1", key.certificate, "TEST agents 2026", self.between_key, **{**usage, **wanted})


@pytest.fixture(scope="module")
def company() -> Company:
    return Company()


@pytest.fixture
def key(tmp_path: Path) -> AgentKey:
    return AgentKey.create(tmp_path, "bench 1", at=OPENED)


def code(call, *arguments, **named) -> str:
    with pytest.raises(AgentError) as raised:
        call(*arguments, **named)
    return raised.value.code


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_any_order_will_do(company: Company, key: AgentKey, order) -> None:
    leaf = company.agent(key)
    given = [(leaf, company.between, company.root)[place] for place in order]
    chain = issued_chain(key, given, OPENED)
    assert (chain.certificates, chain.root, chain.others) == ((leaf, company.between), company.root, ())


def test_without_its_root_the_links_that_are_there_are_checked(company: Company, key: AgentKey) -> None:
    leaf = company.agent(key)
    chain = issued_chain(key, [company.between, leaf], OPENED)
    assert (chain.certificates, chain.root) == ((leaf, company.between), None)
    assert issued_chain(key, [leaf], OPENED).certificates == (leaf,)


def test_what_is_no_part_of_it_is_left_out(company: Company, key: AgentKey) -> None:
    other = Company().root
    chain = issued_chain(key, [other, company.agent(key), company.between, company.root], OPENED)
    assert chain.others == (other,)
    assert pem(other) not in chain.pem
    assert pem(company.root) not in chain.pem


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"start": OPENED + timedelta(days=1)}, "chain-time"),
        ({"start": OPENED - timedelta(days=9), "days": 8}, "chain-time"),
        ({"extra": None}, "chain-usage"),
        ({"usage": True, "extra": None}, "chain-usage"),
        ({"extra": (x509.KeyUsage(False, True, *[False] * 7), True)}, "chain-usage"),
        ({"authority": True}, "chain-usage"),
    ],
)
def test_a_certificate_that_cannot_sign_evidence_is_refused(company, key, wanted, refusal) -> None:
    assert code(issued_chain, key, [company.agent(key, **wanted), company.between, company.root], OPENED) == refusal


def test_a_certificate_of_another_key_is_refused(company: Company, key: AgentKey, tmp_path: Path) -> None:
    other = AgentKey.create(tmp_path / "other", "bench 2", at=OPENED)
    assert code(issued_chain, key, [company.agent(other), company.between, company.root], OPENED) == "chain-other-key"
    both = [company.agent(key), company.agent(key), company.between]
    assert code(issued_chain, key, both, OPENED) == "chain-ambiguous"


def test_links_that_do_not_verify_are_refused(company: Company, key: AgentKey) -> None:
    leaf = company.agent(key)
    namesake = Company()
    assert code(issued_chain, key, [leaf, namesake.between, namesake.root], OPENED) == "chain-broken"
    assert code(issued_chain, key, [leaf, company.root], OPENED) == "chain-broken"  # the link between is missing
    aged = company.certify(
        "TEST agents 2026", company.between_key, "TEST agents root", company.root_key,
        authority=True, start=OPENED - timedelta(days=9), days=8,
    )  # fmt: skip
    assert code(issued_chain, key, [leaf, aged, company.root], OPENED) == "chain-broken"
    powerless = company.certify(
        "TEST agents 2026", company.between_key, "TEST agents root", company.root_key, authority=False
    )
    assert code(issued_chain, key, [leaf, powerless, company.root], OPENED) == "chain-broken"


def test_it_is_installed_and_the_root_alone_is_enough_for_whoever_verifies(company, key, tmp_path: Path) -> None:
    chain = issued_chain(key, [company.root, company.agent(key), company.between], OPENED)
    before = (tmp_path / "keys" / "agent.pem").read_bytes()
    earlier = install_chain(tmp_path, key, chain, trust_root=True)
    loaded = AgentKey.load(tmp_path)
    assert loaded.certificates == chain.certificates
    assert not loaded.self_signed
    assert earlier is not None
    assert earlier.parent == tmp_path / "keys"
    assert earlier.read_bytes() == before
    verifier = tmp_path / "verifier" / "agents"
    verifier.mkdir(parents=True)
    (verifier / "root.pem").write_bytes(pem(company.root))
    for folder in (verifier.parent, tmp_path / "trust"):
        assert TrustStore.load([folder]).check_agent(loaded.certificates, OPENED)
    assert install_chain(tmp_path, loaded, chain) is None


def test_the_first_certificate_can_be_put_back(company: Company, key: AgentKey, tmp_path: Path) -> None:
    earlier = install_chain(tmp_path, key, issued_chain(key, [company.agent(key), company.between], OPENED))
    assert earlier is not None
    again = issued_chain(key, read_chain_files([earlier]), OPENED)
    assert (again.certificates, again.root) == ((key.certificate,), None)
    install_chain(tmp_path, AgentKey.load(tmp_path), again)
    assert AgentKey.load(tmp_path).self_signed


def test_a_root_that_is_not_there_cannot_be_trusted(company: Company, key: AgentKey, tmp_path: Path) -> None:
    chain = issued_chain(key, [company.agent(key), company.between], OPENED)
    assert code(install_chain, tmp_path, key, chain, trust_root=True) == "chain-no-root"
    assert AgentKey.load(tmp_path).self_signed


def test_i7_a_cut_leaves_the_old_chain_or_the_new(company: Company, key: AgentKey, tmp_path: Path, mocker) -> None:
    chain = issued_chain(key, [company.agent(key), company.between], OPENED)
    mocker.patch.object(agent_chain, "write_durable", side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        install_chain(tmp_path, key, chain)
    assert AgentKey.load(tmp_path).chain_pem == key.chain_pem
    mocker.patch.object(agent_chain, "write_durable", side_effect=OSError(30, "Read-only file system"))
    assert code(install_chain, tmp_path, key, chain) == "keys-unwritable"
    mocker.stopall()
    install_chain(tmp_path, key, chain)
    assert AgentKey.load(tmp_path).certificates == chain.certificates


@pytest.mark.parametrize("data", [b"", b"rubbish", b"x" * 70_000])
def test_i10_a_file_without_certificates_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "chain.pem"
    file.write_bytes(data)
    assert code(read_chain_files, [file]) == "chain-unreadable"
    assert code(read_chain_files, [tmp_path / "missing"]) == "chain-missing"


def test_certificates_come_from_several_files(company: Company, tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(pem(company.root))
    (tmp_path / "b.pem").write_bytes(b"text before\n" + pem(company.between) + pem(company.root))
    assert read_chain_files([tmp_path / "a.pem", tmp_path / "b.pem"]) == (company.root, company.between)
    assert read_pem(pem(company.root), "root") == (company.root,)

# A message centre on Net::SMPP. Prints a JSON line for its port and one for each PDU that it gets; takes the commands
# `enquire` and `unbind`, a line each, for every session there is. Accepts every submit_sm; its receipt follows at once.
use strict;
use warnings;
use IO::Select;
use JSON::PP;
use Net::SMPP;

use constant {
    GENERIC_NACK => 0x80000000, BIND_RECEIVER => 0x1, BIND_TRANSMITTER => 0x2, BIND_TRANSCEIVER => 0x9, SUBMIT_SM => 0x4,
    UNBIND => 0x6, UNBIND_RESP => 0x80000006, ENQUIRE_LINK => 0x15,
};

$| = 1;
my $json = JSON::PP->new->canonical->latin1;
my $last_id = 4_000_000_000;
my $centre = Net::SMPP->new_listen('127.0.0.1', port => 0) or die "cannot listen: $!";
my $select = IO::Select->new($centre, \*STDIN);
# Bound as receiver or transceiver, by file number.
my %receivers;
# Receipts that wait for one of them: the submit_sm, and the id that it got.
my @receipts_due;

sub tell_line { print $json->encode($_[0]), "\n" }

# What Net::SMPP made of a PDU. Octets that are no text are in hexadecimal.
sub tell_pdu {
    my ($pdu) = @_;
    my %told;
    for my $name (grep { !/^(?:data|\d+|reserved|known_pdu)$/ } keys %$pdu) {
        my $value = $pdu->{$name};
        next if !defined $value || ref $value;
        $told{$name} = $name =~ /^(?:short_message|user_message_reference)$/ ? unpack('H*', $value) : "$value";
    }
    tell_line(\%told);
}

sub send_receipts {
    my ($receiver) = values %receivers or return;
    for my $due (splice @receipts_due) {
        my ($submit, $id) = @$due;
        $receiver->deliver_sm(
            async => 1,
            source_addr_ton => $submit->{dest_addr_ton}, source_addr_npi => $submit->{dest_addr_npi},
            source_addr => $submit->{destination_addr},
            dest_addr_ton => $submit->{source_addr_ton}, dest_addr_npi => $submit->{source_addr_npi},
            destination_addr => $submit->{source_addr},
            esm_class => 0x04,
            short_message =>
                "id:$id sub:001 dlvrd:001 submit date:2611220000 done date:2611220001 stat:DELIVRD err:000 text:",
            receipted_message_id => "$id\0",
            message_state => chr(2),
        );
    }
}

# False when the session is over.
sub answer {
    my ($session, $pdu) = @_;
    my ($cmd, $seq) = @$pdu{qw(cmd seq)};
    $receivers{ $session->fileno } = $session if $cmd == BIND_RECEIVER || $cmd == BIND_TRANSCEIVER;
    my @bound = (system_id => 'NETSMPP', seq => $seq);
    if ($cmd == BIND_RECEIVER) { $session->bind_receiver_resp(@bound) }
    elsif ($cmd == BIND_TRANSMITTER) { $session->bind_transmitter_resp(@bound) }
    elsif ($cmd == BIND_TRANSCEIVER) { $session->bind_transceiver_resp(@bound) }
    elsif ($cmd == SUBMIT_SM) {
        my $id = ++$last_id;
        $session->submit_sm_resp(message_id => "$id", seq => $seq);
        push @receipts_due, [$pdu, $id];
    }
    elsif ($cmd == ENQUIRE_LINK) { $session->enquire_link_resp(seq => $seq) }
    elsif ($cmd == UNBIND) { $session->unbind_resp(seq => $seq); return 0 }
    send_receipts();
    return $cmd != UNBIND_RESP && $cmd != GENERIC_NACK;
}

sub obey {
    sysread(STDIN, my $commands, 1024) or exit 0;
    my @sessions = grep { $_ != $centre && $_ != \*STDIN } $select->handles;
    for my $command (split /\n/, $commands) {
        for my $session (@sessions) {
            $session->enquire_link(async => 1) if $command eq 'enquire';
            $session->unbind(async => 1) if $command eq 'unbind';
        }
    }
}

sub serve {
    my ($session) = @_;
    my $pdu = $session->read_pdu;
    tell_pdu($pdu) if $pdu;
    return if $pdu && answer($session, $pdu);
    delete $receivers{ $session->fileno };
    $select->remove($session);
    $session->close;
}

tell_line({ port => $centre->sockport });
while (1) {
    for my $ready ($select->can_read) {
        if ($ready == $centre) { $select->add($centre->accept) }
        elsif ($ready == \*STDIN) { obey() }
        else { serve($ready) }
    }
}

# An ESME on Net::SMPP, at 127.0.0.1 and the port given: one message as a transceiver, one in two parts as a transmitter and
# a receiver, and one that is refused. Prints a JSON line for each PDU that it gets.
use strict;
use warnings;
use JSON::PP;
use Net::SMPP;

use constant { DELIVER_SM => 0x5, UDH_INDICATOR => 0x40, UCS2 => 8 };

$| = 1;
my $json = JSON::PP->new->canonical->latin1;
my ($port) = @ARGV;

sub tell_pdu {
    my ($pdu) = @_;
    die 'no answer' if !defined $pdu;
    my %told = map { $_ => "$pdu->{$_}" } grep { defined $pdu->{$_} && !/^(?:data|\d+|reserved)$/ } keys %$pdu;
    print $json->encode(\%told), "\n";
    return $pdu;
}

sub bound {
    my ($bind_type) = @_;
    my $new = "new_$bind_type";
    my ($session, $answer) =
        Net::SMPP->$new('127.0.0.1', port => $port, system_id => 'bindery', password => 'secret12');
    die 'no session' if !defined $session;
    tell_pdu($answer);
    return $session;
}

sub submit {
    my ($session, %fields) = @_;
    tell_pdu($session->submit_sm(
        source_addr_ton => 5, source_addr => 'NETSMPP', destination_addr => '09175550123', registered_delivery => 1, %fields,
    ));
}

sub take_receipt {
    my ($session) = @_;
    my $receipt = tell_pdu($session->read_pdu);
    die 'no receipt' if $receipt->{cmd} != DELIVER_SM;
    $session->deliver_sm_resp(message_id => '', seq => $receipt->{seq});
}

my $transceiver = bound('transceiver');
tell_pdu($transceiver->enquire_link());
submit($transceiver, short_message => 'Hello from Perl');
take_receipt($transceiver);
submit($transceiver, short_message => 'Nobody', destination_addr => '123');
tell_pdu($transceiver->unbind());

my $receiver = bound('receiver');
my $transmitter = bound('transmitter');
# "Привет" in UTF-16.
my @parts = (pack('n*', 0x041f, 0x0440, 0x0438), pack('n*', 0x0432, 0x0435, 0x0442));
for my $index (0, 1) {
    my $header = pack 'C*', 5, 0, 3, 77, 2, $index + 1;
    submit($transmitter, esm_class => UDH_INDICATOR, data_coding => UCS2, short_message => $header . $parts[$index]);
}
take_receipt($receiver) for @parts;
tell_pdu($transmitter->unbind());
tell_pdu($receiver->unbind());
